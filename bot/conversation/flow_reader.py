"""Reads the `flows:` of a flow file."""

from __future__ import annotations

from collections.abc import Iterator

from bot.conversation.definitions import Flow, Trigger
from bot.conversation.entries import Entry
from bot.conversation.faults import unknown
from bot.conversation.flow_file import LinedMap
from bot.conversation.step_reader import read_steps
from bot.conversation.triggers import ALWAYS_FIRST, COMMANDS
from bot.model.utterance import INTENTS

_KEYS = ("name", "description", "if", "nlu_trigger", "persisted_slots", "steps")
_BEFORE_FLOWS = frozenset({"crisis", "talk_to_human"})  # intents that bot/conversation/commands.py takes


def read_flow(flow: str, entry: Entry) -> Flow:
    """The flow that the entry defines."""
    entry.allow(_KEYS, "a flow")
    name = entry.text("name")
    triggers = tuple(_read_triggers(entry))
    if not entry.text("description"):
        entry.fault("a flow needs a `description`: one sentence saying what it does")
    if triggers and not name and not flow.startswith("pattern_"):
        entry.fault("a flow with `nlu_trigger` needs a `name` to be called by when it is interrupted")
    steps = read_steps(entry)
    if not steps and not flow.startswith("pattern_"):
        entry.fault("a flow needs `steps`")
    return Flow(
        id=flow,
        name=name,
        description=entry.text("description"),
        steps=steps,
        triggers=triggers,
        guard=entry.condition("if"),
        persisted=frozenset(entry.names("persisted_slots")),
        place=entry.place,
    )


def _read_triggers(entry: Entry) -> Iterator[Trigger]:
    for part in entry.parts("nlu_trigger", "`intent` or `keyword`"):
        part.allow(("intent", "keyword"), "nlu_trigger")
        if len(part.raw) != 1:
            part.fault("a trigger is either an `intent` or a `keyword`")
        elif "keyword" in part.raw:
            yield _read_keyword(part)
        elif "intent" in part.raw:
            yield _read_intent(part)


def _read_keyword(part: Entry) -> Trigger:
    name = part.text("keyword")
    if name not in COMMANDS:
        part.fault(unknown("keyword", name, COMMANDS), "keyword")
    elif name in ALWAYS_FIRST:
        part.fault(f"the keyword `{name}` is a command that no flow can take", "keyword")
    return Trigger("keyword", name)


def _read_intent(part: Entry) -> Trigger:
    written = part.raw["intent"]
    threshold = None
    if isinstance(written, LinedMap):
        part = part.inside(written)
        part.allow(("name", "confidence_threshold"), "an intent")
        name = part.text("name")
        threshold = _read_threshold(part)
    else:
        name = part.text("intent")
    if name not in INTENTS:
        part.fault(unknown("intent", name, INTENTS))
    elif name in _BEFORE_FLOWS:
        part.fault(f"the intent `{name}` is taken before any flow: it starts a pattern")
    return Trigger("intent", name, threshold)


def _read_threshold(part: Entry) -> float | None:
    found = part.scalar("confidence_threshold")
    if found is None:
        return None
    if isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= 1:
        return float(found)
    part.fault("`confidence_threshold` must be a number from 0 to 1", "confidence_threshold")
    return None
