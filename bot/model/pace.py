"""How fast a sender may send: slots on a line of time, reserved before a text leaves.

Times of slots are arithmetic only; whoever stores a Pace makes sure that two workers never take the same slot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

BULK_SHARE = 0.8
"""How much of a sender's rate broadcasts may take. The rest is there for those who answer and are answered."""

PROMPT_AHEAD = timedelta(seconds=1)
"""How far ahead a reply's slot may lie for it to leave at once: a burst that the carrier's own queue takes."""


class Urgency(StrEnum):
    """How a text stands towards the others."""

    URGENT = "urgent"  # never waits: help in danger, alerts, the confirmation of a STOP
    PROMPT = "prompt"  # replies and what staff write: wait for one another, never for bulk
    BULK = "bulk"  # broadcasts and reminders: take what the others leave


@dataclass(frozen=True, slots=True)
class SenderLimits:
    """What a channel sends from: a number (E.164) or a messaging service, with its limits; 0: none known.

    `rate` is in SMS segments a second, `daily` in segments a day.
    """

    address: str
    rate: float = 0.0
    daily: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a sender stands. `rate` is in segments a second and above 0.

    `free_at` is when all that was taken so far has left at this rate, `prompt_at` the same for what is not
    bulk, `bulk_at` the next moment at which bulk may leave by its own share.
    """

    rate: float
    free_at: datetime
    prompt_at: datetime
    bulk_at: datetime

    def slot(self, urgency: Urgency, now: datetime) -> datetime:
        """When the next text of this urgency may leave; not before now."""
        if urgency is Urgency.URGENT:
            return now
        if urgency is Urgency.PROMPT:
            return max(now, self.prompt_at)
        return max(now, self.free_at, self.bulk_at)

    def take(self, urgency: Urgency, segments: int, now: datetime) -> Pace:
        """The pace once the next slot of this urgency is taken for so many segments."""
        length = timedelta(seconds=segments / self.rate)
        taken = replace(self, free_at=max(self.free_at, now) + length)
        if urgency is Urgency.BULK:
            return replace(taken, bulk_at=self.slot(urgency, now) + length / BULK_SHARE)
        return replace(taken, prompt_at=max(self.prompt_at, now) + length)

    def bulk_segments(self, now: datetime, until: datetime) -> int:
        """How many bulk texts of one segment find a slot from now until then."""
        first = self.slot(Urgency.BULK, now)
        if first > until:
            return 0
        return int((until - first).total_seconds() * self.rate * BULK_SHARE) + 1


def read_senders(words: str, rate: float = 0.0, daily: int = 0) -> tuple[SenderLimits, ...]:
    """Numbers in a comma list, with these limits where one has none of its own; ValueError with the remedy."""
    found = tuple(_read_sender(word.strip(), rate, daily) for word in words.split(",") if word.strip())
    if len({sender.address for sender in found}) < len(found):
        raise ValueError("a number stands there twice")
    return found


def _read_sender(word: str, rate: float, daily: int) -> SenderLimits:
    """ "+15105550100", or "+15105550100=12/s" for one with a rate of its own; ValueError with the remedy."""
    address, _, own = word.partition("=")
    if not address.removeprefix("+").isdigit() or not address.startswith("+"):
        raise ValueError(f"{address!r} is no number; write +15105550100, without blanks")
    if own:
        try:
            rate = float(own.removesuffix("/s"))
        except ValueError:
            rate = -1.0
        if not own.endswith("/s") or not 0 <= rate < 10_000:
            raise ValueError(f"{word!r} has no rate; write +15105550100=12/s")
    return SenderLimits(address, rate, daily)
