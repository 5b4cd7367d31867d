"""How a flow starts: by a keyword, or by what the family wants (its intent)."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation.definitions import Flow, FlowSet, Slot, Trigger
from bot.conversation.entries import value_fits
from bot.conversation.hearing import is_reference, leading_answer, names_cancelling
from bot.conversation.short_answers import is_brief
from bot.conversation.stack import MOST_FLOWS, frames, groups, started, without_repairs
from bot.conversation.walk import Walk
from bot.model.utterance import FALLBACK, Utterance

COMMANDS = frozenset(
    {
        "stop", "start", "help", "menu", "cancel", "back", "person", "repeat", "more", "skip", "yes", "no", "none",
        "confirm", "move", "greeting", "thanks", "letter_c", "letter_r", "letter_x", "reference",
    }
)  # fmt: skip
ALWAYS_FIRST = frozenset({"stop", "start", "help", "menu", "person", "repeat"})
"""Commands that never get as far as a flow's trigger."""

ANSWERS = frozenset({"affirm", "deny", "out_of_scope"})
"""Intents that are taken for (bad) answers to a question; they never interrupt one."""

SMALL_TALK = ANSWERS | {"greet", "thank", "help"}
"""Intents that nobody is asked about: a guess at them is no request."""

HAND_OVER = "pattern_human_handoff"
"""What runs when somebody wants a person: no trigger starts it, and it ends everything else."""

SURE_WISH = 0.85
"""So sure, another request goes before an answer in the family's own words, where the slot gives way to it."""

TOO_FEW = 3
"""Words, at most, that begin nothing else while a list is open, unless they are a sure wish."""

CLOSE_TOGETHER = 0.6
CLOSE_SECOND = 0.2
"""Two intents are asked about when they share this much of the weight, and the second has this much of it."""


def flow_by_keyword(walk: Walk, utterance: Utterance, *, letters_only: bool = False) -> Flow | None:
    """The flow that a whole-message keyword starts.

    `letters_only`: those a reminder offers (C, R, X), of flows whose guard says that there is one.
    """
    for flow in walk.flow_set.flows.values():
        for trigger in flow.triggers:
            if trigger.kind != "keyword" or not _said(trigger.name, utterance) or not _open(walk, flow):
                continue
            letter = flow.guard is not None and trigger.name.startswith("letter_")
            if not letters_only or letter or trigger.name == "reference":
                return flow
    return None


def _said(keyword: str, utterance: Utterance) -> bool:
    """Whether the whole message is this keyword. "Never mind" gives up, but it cancels no conference."""
    if keyword == "reference":
        return is_reference(utterance.text)
    if keyword == "yes" and utterance.intent.name in ("thank", "affirm") and leading_answer(utterance.text):
        return True  # "yes thank you" is a thank-you to the tables
    return keyword in utterance.commands and (keyword != "cancel" or names_cancelling(utterance.text))


def flow_by_intent(walk: Walk, utterance: Utterance) -> Flow | None:
    """The flow that a sure intent starts."""
    for flow in walk.flow_set.flows.values():
        if any(_wants(trigger, utterance) for trigger in flow.triggers) and _open(walk, flow):
            return flow
    return None


def intents_by_flow(flow_set: FlowSet) -> Mapping[str, str]:
    """The first intent that starts a flow, by the flow; only of flows that one starts."""
    return {
        flow.id: next(trigger.name for trigger in flow.triggers if trigger.kind == "intent")
        for flow in flow_set.flows.values()
        if any(trigger.kind == "intent" for trigger in flow.triggers)
    }


def interruption(walk: Walk, utterance: Utterance) -> Flow | None:
    """The flow to run before the open question is answered: another than the one that asks."""
    if utterance.intent.name in ANSWERS or _too_little(walk, utterance):
        return None
    flow = flow_by_intent(walk, utterance)
    asking = groups(walk.stack)[-1]
    if flow is None or all(frame.flow != flow.id for frame in asking):
        return flow
    return flow if asking[0].flow == flow.id and _may_begin_anew(walk, flow) else None


def _too_little(walk: Walk, utterance: Utterance) -> bool:
    """Whether few words, of whose meaning the model is not sure, are rather an answer to the list than a request."""
    listed = walk.asking is not None and bool(walk.asking.choices) and utterance.decision == "model"
    if not listed or utterance.intent.confidence >= SURE_WISH:
        return False
    return utterance.intent.name in ("greet", "help") or is_brief(utterance.text, TOO_FEW)


def _may_begin_anew(walk: Walk, flow: Flow) -> bool:
    """Whether the same request in new words starts its flow again: nothing was answered yet, or nothing is lost."""
    heeds = any(walk.flow_set.slots[slot].from_trigger for slot in walk.flow_set.fills[flow.id])
    return heeds and (bool(getattr(walk.step, "closing", False)) or not walk.top.answered)


def sure_wish(walk: Walk, slot: Slot, utterance: Utterance) -> Flow | None:
    """The flow that a text clearly asks for although the open question takes any words: one the slot gives way to."""
    told = slot.type == "text" and utterance.intent.name not in slot.gives_way_to
    if told or utterance.intent.confidence < SURE_WISH or utterance.intent.name in SMALL_TALK:
        return None
    flow = interruption(walk, utterance)
    return flow if flow and all(frame.flow != flow.id for frame in groups(walk.stack)[-1]) else None


def flows_in_question(walk: Walk, utterance: Utterance) -> list[str]:
    """The two flows that may be meant, if it is these two and hardly another; else none."""
    guesses = [guess for guess in utterance.ranking if guess.name not in {FALLBACK, *SMALL_TALK}][:2]
    if len(guesses) < 2 or not utterance.unsure:
        return []
    first, second = guesses
    if second.confidence < CLOSE_SECOND or first.confidence + second.confidence < CLOSE_TOGETHER:
        return []
    found = [
        flow.id
        for guess in guesses
        for flow in walk.flow_set.flows.values()
        if flow.name and _serves(flow, guess.name) and _open(walk, flow)
    ]
    return found if len(set(found)) == 2 == len(found) else []


def _serves(flow: Flow, intent: str) -> bool:
    """Whether the flow is what somebody with this intent wants; a person is reached by a pattern."""
    if intent == "talk_to_human":
        return flow.id == HAND_OVER
    return any(trigger.kind == "intent" and trigger.name == intent for trigger in flow.triggers)


def start_flow(walk: Walk, flow: Flow, text: str, entities: Mapping[str, str]) -> None:
    """Run a flow above what runs. `text` is what started it, empty if that says nothing but "start"."""
    if flow.is_pattern:
        walk.push(flow.id, "pattern")
        return
    walk.misses = 0
    _close(walk)
    walk.stack = without_repairs(walk.stack)
    if _asks_now(walk, flow):
        _drop_top(walk)
    elif started(walk.stack, flow.id):
        walk.return_to(flow.id)
        return
    _make_room(walk)
    if flow.id in walk.flow_set.asking:
        walk.asking = None  # after a word that asks nothing, the open question is asked again as it was
    _fill(walk, flow, text, entities)
    walk.push(flow.id, "trigger")


def _wants(trigger: Trigger, utterance: Utterance) -> bool:
    if trigger.kind != "intent" or utterance.intent.name != trigger.name:
        return False
    return trigger.threshold is None or utterance.intent.confidence >= trigger.threshold


def _open(walk: Walk, flow: Flow) -> bool:
    return flow.guard is None or flow.guard.holds(walk.slots, walk.context)


def _close(walk: Walk) -> None:
    """End a flow that only asks what else there might be: the family has just said it."""
    if walk.asking is None or not walk.stack or not getattr(walk.step, "closing", False):
        return
    _drop_top(walk)


def _asks_now(walk: Walk, flow: Flow) -> bool:
    """Whether this very flow asks the open question: then it is to begin anew."""
    return walk.asking is not None and bool(walk.stack) and groups(walk.stack)[-1][0].flow == flow.id


def _drop_top(walk: Walk) -> None:
    grouped = groups(walk.stack)
    walk.stack, walk.asking = frames(grouped[:-1]), None
    walk.forget_slots_of(*(frame.flow for frame in grouped[-1]))


def _make_room(walk: Walk) -> None:
    grouped = groups(walk.stack)
    if len(grouped) >= MOST_FLOWS:
        walk.stack = frames(grouped[1:])
        walk.forget_slots_of(*(frame.flow for frame in grouped[0]))


def _fill(walk: Walk, flow: Flow, text: str, entities: Mapping[str, str]) -> None:
    """What the message said already need not be asked."""
    used = {slot for frame in walk.stack for slot in walk.flow_set.fills[frame.flow]}
    for name in sorted(walk.flow_set.fills[flow.id] - used):
        slot = walk.flow_set.slots[name]
        said = entities.get(slot.from_entity) if slot.from_entity else None
        if said is None and slot.from_trigger:
            said = text or None
        if said is not None and value_fits(said, slot.type, slot.values):
            walk.slots[name] = said
