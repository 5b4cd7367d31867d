"""Reads values out of a flow file's mappings. What is wrong is noted with its place; the reading goes on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.conversation.condition_parser import parse_condition
from bot.conversation.conditions import Condition
from bot.conversation.faults import Faults, Place, unknown
from bot.conversation.flow_file import LinedMap
from bot.model.dialogue import SlotValue
from bot.model.errors import BadInput

SCALARS = (str, int, float, bool, type(None))


@dataclass(frozen=True, slots=True)
class Entry:
    """One mapping of a file and where it stands."""

    raw: LinedMap
    place: Place
    faults: Faults

    def fault(self, reason: str, key: str = "") -> None:
        """Note what is wrong, at the line of `key`."""
        self.faults.add(self.place.at(line=self.raw.line_of(key)), reason)

    def allow(self, keys: Collection[str], what: str) -> None:
        """Note every key that is none of `keys`."""
        for key in self.raw:
            if key not in keys:
                self.fault(unknown(f"key of {what}", key, keys), key)

    def text(self, key: str, default: str = "") -> str:
        """The text under `key`."""
        found = self.raw.get(key, default)
        if isinstance(found, str):
            return found.strip()
        self.fault(f"`{key}` must be text, not {found!r}", key)
        return default

    def flag(self, key: str) -> bool:
        """The true or false under `key`; false if it is not there."""
        found = self.raw.get(key, False)
        if not isinstance(found, bool):
            self.fault(f"`{key}` must be true or false, not {found!r}", key)
        return found is True

    def names(self, key: str) -> tuple[str, ...]:
        """The list of names under `key`; empty if it is not there."""
        found = self.raw.get(key, [])
        if isinstance(found, list) and all(isinstance(name, str) for name in found):
            return tuple(found)
        self.fault(f"`{key}` must be a list of names, not {found!r}", key)
        return ()

    def scalar(self, key: str) -> SlotValue:
        """The single value under `key`; null if it is not there."""
        found = self.raw.get(key)
        if isinstance(found, SCALARS):
            return found
        self.fault(f"`{key}` must be a single value", key)
        return None

    def condition(self, key: str) -> Condition | None:
        """The condition under `key`; None if it is not there or cannot be read."""
        if key not in self.raw:
            return None
        written = self.raw[key]
        if not isinstance(written, str | bool):
            self.fault(f"`{key}` must be a condition, not {written!r}", key)
            return None
        source = str(written).lower() if isinstance(written, bool) else written
        try:
            return parse_condition(source)
        except BadInput as error:
            self.fault(f"the condition `{source}` does not parse: {error}", key)
            return None

    def parts(self, key: str, what: str) -> list[Entry]:
        """The list of mappings under `key`, each an entry of its own."""
        found = self.raw.get(key, [])
        if not isinstance(found, list):
            self.fault(f"`{key}` must be a list of {what}", key)
            return []
        for part in found:
            if not isinstance(part, LinedMap):
                self.fault(f"each of `{key}` must be {what}, not {part!r}", key)
        return [self.inside(part) for part in found if isinstance(part, LinedMap)]

    def inside(self, raw: LinedMap) -> Entry:
        """A mapping within this one."""
        return Entry(raw, self.place.at(line=raw.line), self.faults)


@dataclass(frozen=True, slots=True)
class StepEntry:
    """The entry of one step and the id it goes by."""

    entry: Entry
    id: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.entry.place


def value_fits(value: SlotValue, slot_type: str, values: Collection[SlotValue] = ()) -> bool:
    """Whether a slot of this type may hold the value. Null always fits."""
    if value is None or slot_type == "any":
        return True
    if slot_type == "categorical":
        return not values or any(type(value) is type(known) and value == known for known in values)
    kinds: Mapping[str, Any] = {"text": str, "bool": bool, "int": int, "float": (int, float)}
    return isinstance(value, kinds[slot_type]) and (slot_type == "bool" or not isinstance(value, bool))
