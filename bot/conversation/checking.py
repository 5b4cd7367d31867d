"""Checks everything the files define beside everything else: names, conditions, triggers, ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.conversation import facts, patterns
from bot.conversation.conditions import Comparison, Condition, Literal, Name
from bot.conversation.definitions import Flow, FlowSet, Step, Trigger
from bot.conversation.entries import value_fits
from bot.conversation.faults import Faults, Place, unknown
from bot.conversation.ways import endless_ways, unreachable_steps
from bot.conversation.wording_checks import brace_faults

_MAY_SAY = frozenset({"action", "set_slots", "noop"})


def check(known: FlowSet, faults: Faults) -> None:
    """Note every fault that shows only when all files are seen together."""
    _check_own_needs(known, faults)
    _check_triggers(known, faults)
    for slot in known.slots.values():
        if slot.yes_kept_in and slot.yes_kept_in not in known.slots:
            faults.add(slot.place, unknown("slot", slot.yes_kept_in, known.slots))
    for flow in known.flows.values():
        for place, reason in _flow_faults(flow, known):
            faults.add(place, reason)
    for place, reason in endless_ways(known):
        faults.add(place, reason)


def _check_own_needs(known: FlowSet, faults: Faults) -> None:
    """What the engine itself starts, says and remembers must be there."""
    anywhere = Place("flows")
    needs: tuple[tuple[str, tuple[str, ...], Mapping[str, object]], ...] = (
        ("pattern", patterns.REQUIRED, known.flows),
        ("response", patterns.RESPONSES, known.responses),
        ("slot", patterns.SLOTS, known.slots),
    )
    for what, names, there in needs:
        for name in names:
            if name not in there:
                faults.add(anywhere, f"the {what} `{name}`, which the engine needs, is missing")
    for name in patterns.RESPONSES:
        pattern = known.flows.get("pattern_internal_error")
        if name in known.responses and pattern is not None:
            for reason in brace_faults(known, pattern, name):
                faults.add(anywhere.at(step=name), reason)


def _check_triggers(known: FlowSet, faults: Faults) -> None:
    """Two flows that start on the same words must have guards, or one would never run."""
    taken: dict[Trigger, str] = {}
    for flow in known.flows.values():
        for trigger in flow.triggers if flow.guard is None else ():
            other = taken.setdefault(Trigger(trigger.kind, trigger.name), flow.id)
            if other != flow.id:
                faults.add(
                    flow.place, f"starts on the {trigger.kind} `{trigger.name}`, as the flow `{other}` does"
                )


def _flow_faults(flow: Flow, known: FlowSet) -> Iterator[tuple[Place, str]]:
    for reason in _condition_faults(flow.guard, known) if flow.guard else ():
        yield flow.place, reason
    for slot in sorted(flow.persisted - known.slots.keys()):
        yield flow.place, unknown("slot", slot, known.slots)
    if flow.id == "pattern_session_start" and not all(step.KIND in _MAY_SAY for step in flow.steps.values()):
        yield flow.place, "a session may start with things said, not with questions or other flows"
    for step in flow.steps.values():
        yield from ((step.place, reason) for reason in _step_faults(step, flow, known))
    for step in unreachable_steps(flow):
        yield step.place, "dead end: no way leads to this step"


def _step_faults(step: Step, flow: Flow, known: FlowSet) -> Iterator[str]:
    yield from step.faults(known, flow)
    for condition in (*step.conditions, *(branch.condition for branch in step.next)):
        if condition is not None:
            yield from _condition_faults(condition, known)


def _condition_faults(condition: Condition, known: FlowSet) -> Iterator[str]:
    for slot in sorted(condition.names("slots") - known.slots.keys()):
        yield f"the condition `{condition.source}` has an {unknown('slot', slot, known.slots)}"
    for fact in sorted(condition.names("context") - facts.KNOWN):
        yield f"the condition `{condition.source}` has an {unknown('fact', fact, facts.KNOWN)}"
    for term in condition.terms():
        if isinstance(term, Comparison) and isinstance(term.left, Name) and isinstance(term.right, Literal):
            slot_there = known.slots.get(term.left.name) if term.left.of == "slots" else None
            if slot_there and not value_fits(term.right.literal, slot_there.type, slot_there.values):
                never = f"the slot `{slot_there.name}` ({slot_there.type}) is never {term.right.literal!r}"
                yield f"the condition `{condition.source}` makes no sense: {never}"
