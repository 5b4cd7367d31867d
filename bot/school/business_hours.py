"""Office time: what "within 16 hours of office time" means on the clock on the wall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When staff answer: Monday to Friday between two times of day in the school's zone, but not on closed days."""

    opens: time
    closes: time
    zone: ZoneInfo
    closed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a window that never opens: counting in it would not end."""
        if self.opens >= self.closes:
            raise ValueError(f"the office opens at {self.opens} but closes at {self.closes}")

    def add(self, start: datetime, office_time: timedelta) -> datetime:
        """The moment (UTC) when that much office time has passed since `start`.

        Each day's window is turned into UTC by itself, so a change of the clocks moves no promise.
        """
        left = office_time
        start = start.astimezone(UTC)
        for begins, ends in self._windows(start.astimezone(self.zone).date()):
            begins = max(begins, start)
            if begins >= ends:
                continue
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        raise AssertionError("the days never end")

    def _windows(self, first: date) -> Iterator[tuple[datetime, datetime]]:
        day = first
        while True:
            if day.weekday() < SATURDAY and day not in self.closed:
                yield self._moment(day, self.opens), self._moment(day, self.closes)
            day += timedelta(days=1)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)
