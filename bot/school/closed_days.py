"""Days on which the schools are closed, as people write them: "2026-11-11" or "2026-11-23..2026-11-27"."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

LONGEST = timedelta(days=120)
"""A longer range is a slip of the pen, not a holiday."""


def read_closed_days(words: Iterable[str]) -> frozenset[date]:
    """Every day the words name. ValueError names the one that is wrong, and the remedy."""
    days: set[date] = set()
    for word in words:
        first, _, last = word.partition("..")
        try:
            begin, end = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
        except ValueError as error:
            raise ValueError(f"{word!r} is no day; write 2026-11-11 or 2026-11-23..2026-11-27") from error
        if not timedelta(0) <= end - begin <= LONGEST:
            raise ValueError(f"{word!r} ends before it begins, or is longer than {LONGEST.days} days")
        days.update(begin + timedelta(days=n) for n in range((end - begin).days + 1))
    return frozenset(days)


def closed_then(written: str | None, closed: Collection[date], today: date) -> date | None:
    """The day that a text names ("2026-11-25"), where it is still to come, or today, and the schools are closed on it."""
    day = date.fromisoformat(written) if written else None
    return day if day is not None and day >= today and day in closed else None
