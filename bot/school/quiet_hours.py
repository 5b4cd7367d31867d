"""When unasked texts may leave: the hours of rest in the school's zone, right also when clocks change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in the zone; in UTC, right also where clocks change."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def next_midnight(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the day after this moment's begins in the zone."""
    return midnight(moment.astimezone(zone).date() + timedelta(days=1), zone)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until `end` by the clock on the school's wall, across midnight if need be.

    The two being equal means that there are none.
    """

    start: time
    end: time
    zone: ZoneInfo

    def covers(self, moment: datetime) -> bool:
        """True when the moment lies in the quiet hours."""
        wall = moment.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end

    def next_allowed(self, moment: datetime) -> datetime:
        """The first moment from this one on at which a text may leave; in UTC."""
        allowed = moment.astimezone(UTC)
        while self.covers(allowed):
            allowed = self._end_after(allowed)
        return allowed

    def _end_after(self, moment: datetime) -> datetime:
        # Where clocks go back the end comes twice, where they go forward it may be skipped (then the zone's
        # rules place it just after the gap): every reading of the wall is looked at, the next one counts.
        today = moment.astimezone(self.zone).date()
        ends = sorted(
            datetime.combine(
                today + timedelta(days=ahead), self.end.replace(fold=fold), self.zone
            ).astimezone(UTC)
            for ahead in (0, 1)
            for fold in (0, 1)
        )
        return next(end for end in ends if end > moment)
