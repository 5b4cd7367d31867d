"""`link`: end this flow and run another in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.conversation.definitions import Flow, FlowSet, Step
from bot.conversation.entries import StepEntry
from bot.conversation.faults import unknown
from bot.conversation.walk import Walk


@dataclass(frozen=True, slots=True)
class Link(Step):
    """The last step of its way. As in Rasa, the guard of the other flow is not asked."""

    KIND = "link"
    LEAVES = True
    target: str = ""

    @classmethod
    def read(cls, entry: StepEntry) -> Link:
        """`link: flow`."""
        if "next" in entry.entry.raw:
            entry.entry.fault("`link` ends the flow, so it cannot have a `next`", "next")
        return cls(entry.id, (), entry.place, entry.entry.text("link"))

    def enter(self, walk: Walk) -> None:
        """Change flows."""
        walk.link(self.target)

    @property
    def starts(self) -> str | None:
        """The other flow."""
        return self.target

    def faults(self, known: FlowSet, flow: Flow) -> Iterator[str]:
        """An unknown flow, or one that has no name to be called by when it is interrupted."""
        if self.target not in known.flows:
            yield unknown("flow", self.target, known.flows)
        elif not known.flows[self.target].name and not known.flows[self.target].is_pattern:
            yield f"the flow `{self.target}` is linked to, so it needs a `name`"


STEP = Link
