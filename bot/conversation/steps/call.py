"""`call`: run another flow and come back. What it collects stays until this flow ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.conversation.definitions import Flow, FlowSet, Step
from bot.conversation.entries import StepEntry
from bot.conversation.faults import unknown
from bot.conversation.walk import Walk


@dataclass(frozen=True, slots=True)
class Call(Step):
    """A flow within a flow."""

    KIND = "call"
    target: str = ""

    @classmethod
    def read(cls, entry: StepEntry) -> Call:
        """`call: flow`."""
        return cls(entry.id, (), entry.place, entry.entry.text("call"))

    def enter(self, walk: Walk) -> None:
        """Run the other flow above this one."""
        walk.push(self.target, "call")

    @property
    def starts(self) -> str | None:
        """The other flow."""
        return self.target

    def faults(self, known: FlowSet, flow: Flow) -> Iterator[str]:
        """An unknown flow, or a pattern, which only the engine starts."""
        if self.target not in known.flows:
            yield unknown("flow", self.target, known.flows)
        elif known.flows[self.target].is_pattern:
            yield f"`{self.target}` is a pattern: it cannot be called, only linked to"


STEP = Call
