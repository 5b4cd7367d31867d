"""`set_slots`: put values into slots without asking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.conversation.definitions import Flow, FlowSet, Step
from bot.conversation.entries import SCALARS, StepEntry, value_fits
from bot.conversation.faults import unknown
from bot.conversation.flow_file import LinedMap
from bot.conversation.walk import Walk
from bot.model.dialogue import SlotValue


@dataclass(frozen=True, slots=True)
class SetSlots(Step):
    """Fixed values for slots; null empties one."""

    KIND = "set_slots"
    values: Mapping[str, SlotValue] = field(default_factory=dict)

    @classmethod
    def read(cls, entry: StepEntry) -> SetSlots:
        """`set_slots:` with a list of `slot: value`, or one mapping of them."""
        written = entry.entry.raw.get("set_slots")
        values: dict[str, SlotValue] = {}
        parts = written if isinstance(written, list) else [written]
        if not parts or not all(isinstance(part, LinedMap) for part in parts):
            entry.entry.fault("`set_slots` must be a list of `slot: value`", "set_slots")
        for slot, value in (pair for part in parts if isinstance(part, LinedMap) for pair in part.items()):
            if isinstance(value, SCALARS):
                values[slot] = value
            else:
                entry.entry.fault(f"the value of `{slot}` must be a single one", "set_slots")
        return cls(entry.id, (), entry.place, values)

    def enter(self, walk: Walk) -> None:
        """Set them and go on."""
        for slot, value in self.values.items():
            if value is None:
                walk.unset(slot)
            else:
                walk.slots[slot] = value
        walk.follow(self)

    @property
    def fills(self) -> frozenset[str]:
        """The slots it sets."""
        return frozenset(self.values)

    def faults(self, known: FlowSet, flow: Flow) -> Iterator[str]:
        """An unknown slot, or a value of another type."""
        for name, value in self.values.items():
            slot = known.slots.get(name)
            if slot is None:
                yield unknown("slot", name, known.slots)
            elif not value_fits(value, slot.type, slot.values):
                yield f"the slot `{name}` ({slot.type}) cannot hold {value!r}"


STEP = SetSlots
