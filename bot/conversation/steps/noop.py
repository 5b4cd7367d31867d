"""`noop`: nothing but a fork in the way."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.definitions import Step
from bot.conversation.entries import StepEntry
from bot.conversation.walk import Walk


@dataclass(frozen=True, slots=True)
class Noop(Step):
    """Chooses where to go on."""

    KIND = "noop"

    @classmethod
    def read(cls, entry: StepEntry) -> Noop:
        """`noop: true`, with a `next`."""
        if "next" not in entry.entry.raw:
            entry.entry.fault("`noop` does nothing, so it needs a `next`", "noop")
        return cls(entry.id, (), entry.place)

    def enter(self, walk: Walk) -> None:
        """Go on."""
        walk.follow(self)


STEP = Noop
