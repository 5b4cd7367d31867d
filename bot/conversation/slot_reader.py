"""Reads the `slots:` of a flow file."""

from __future__ import annotations

from bot.conversation.definitions import SLOT_TYPES, Slot
from bot.conversation.entries import SCALARS, Entry, value_fits
from bot.conversation.faults import unknown
from bot.model.dialogue import SlotValue
from bot.model.utterance import INTENTS

_KEYS = (
    "type",
    "values",
    "initial_value",
    "from_entity",
    "from_trigger",
    "gives_way_to",
    "several",
    "yes_by",
    "yes_kept_in",
    "label",
    "description",
)


def read_slot(name: str, entry: Entry) -> Slot:
    """The slot that the entry defines."""
    entry.allow(_KEYS, "a slot")
    kind = entry.text("type", "text")
    if kind not in SLOT_TYPES:
        entry.fault(unknown("slot type", kind, SLOT_TYPES), "type")
        kind = "any"
    values = _read_values(entry)
    if values and kind != "categorical":
        entry.fault("only a categorical slot has `values`", "values")
    initial = entry.scalar("initial_value")
    if not value_fits(initial, kind, values):
        entry.fault(f"the slot `{name}` ({kind}) cannot begin as {initial!r}", "initial_value")
    yes_by, kept_in = entry.text("yes_by") or None, entry.text("yes_kept_in")
    if bool(yes_by) != bool(kept_in) or (yes_by and kind != "bool"):
        entry.fault("`yes_by` and `yes_kept_in` belong together, to a slot of type bool", "yes_by")
    return Slot(
        name=name,
        type=kind,
        values=values,
        initial=initial,
        from_entity=entry.text("from_entity") or None,
        from_trigger=_read_from_trigger(entry, kind),
        label=entry.text("label") or None,
        gives_way_to=_read_gives_way(entry),
        several=entry.flag("several"),
        yes_by=yes_by,
        yes_kept_in=kept_in,
        place=entry.place,
    )


def _read_values(entry: Entry) -> tuple[SlotValue, ...]:
    values = entry.raw.get("values", [])
    if isinstance(values, list) and all(isinstance(value, SCALARS) for value in values):
        return tuple(values)
    entry.fault("`values` must be a list of single values", "values")
    return ()


def _read_from_trigger(entry: Entry, kind: str) -> bool:
    asked = entry.flag("from_trigger")
    if asked and kind not in ("text", "any"):
        entry.fault("`from_trigger` fills a slot with text, so its type must be text", "from_trigger")
    return asked


def _read_gives_way(entry: Entry) -> tuple[str, ...]:
    names = entry.names("gives_way_to")
    for name in names:
        if name not in INTENTS:
            entry.fault(unknown("intent", name, INTENTS), "gives_way_to")
    return names
