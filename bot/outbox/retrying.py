"""When to try again, and when to stop."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses that double from `first` up to `longest`, at most `attempts` tries in all."""

    first: timedelta
    longest: timedelta
    attempts: int

    def pause(self, delivery_id: int, attempt: int) -> timedelta:
        """The pause after this attempt (1 is the first): between half and the whole of the doubled time.

        The share depends only on the delivery and the attempt, so that a crowd of texts refused together
        does not come back together, and a test can say when.
        """
        doubled = self.first * (2 ** min(attempt - 1, 30)) if attempt > 0 else self.first
        share = random.Random(f"{delivery_id}:{attempt}").uniform(0.5, 1.0)
        return min(doubled, self.longest) * share

    def spent(self, attempt: int) -> bool:
        """True when no further try is due after this one."""
        return attempt >= self.attempts


REFUSED_FOR_NOW = Backoff(first=timedelta(seconds=2), longest=timedelta(minutes=10), attempts=15)
"""Busy, queue full, or not reachable: about an hour and a half of trying."""

UNCLEAR_ATTEMPTS = 6
"""Sends of one text that may each have got through before nobody tries any more."""

GIVE_UP_LOOKING_AFTER = timedelta(hours=24)
"""How long the carrier is asked what became of an unclear send."""

LONGEST_BETWEEN_LOOKS = timedelta(minutes=15)

LATER = (timedelta(minutes=30), timedelta(hours=4))
"""When a text that reached the carrier but not the phone is tried again."""
