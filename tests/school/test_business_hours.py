"""Office time: weekdays, a window, the school's zone, through changes of the clocks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.school.business_hours import OfficeHours
from bot.school.closed_days import read_closed_days

LA = ZoneInfo("America/Los_Angeles")
OFFICE = OfficeHours(time(8), time(16), LA)


def la(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LA)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (la(2026, 11, 16, 9), 2, la(2026, 11, 16, 11)),  # inside a day
        (la(2026, 11, 16, 15), 2, la(2026, 11, 17, 9)),  # over night
        (la(2026, 11, 20, 15), 2, la(2026, 11, 23, 9)),  # over a week-end
        (la(2026, 11, 21, 12), 1, la(2026, 11, 23, 9)),  # written on a Saturday
        (la(2026, 11, 16, 5), 1, la(2026, 11, 16, 9)),  # before the office opens
        (la(2026, 11, 16, 22), 1, la(2026, 11, 17, 9)),  # after it closed
        (la(2026, 11, 16, 8), 8, la(2026, 11, 16, 16)),  # exactly a day: due at its end, not the next morning
        (la(2026, 11, 16, 9), 16, la(2026, 11, 18, 9)),  # the promise of two days
    ],
)
def test_office_time_passes_only_while_the_office_is_open(start: datetime, hours: int, end: datetime) -> None:
    assert OFFICE.add(start, timedelta(hours=hours)) == end


@pytest.mark.parametrize(
    ("friday", "monday"), [((2026, 3, 6), (2026, 3, 9)), ((2026, 10, 30), (2026, 11, 2))]
)
def test_a_change_of_the_clocks_moves_no_promise(
    friday: tuple[int, int, int], monday: tuple[int, int, int]
) -> None:
    assert OFFICE.add(la(*friday, 15), timedelta(hours=2)) == la(*monday, 9)


def test_the_answer_is_in_utc() -> None:
    assert OFFICE.add(la(2026, 11, 16, 9), timedelta(hours=1)).tzinfo is UTC


def test_an_office_that_never_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="opens at"):
        OfficeHours(time(16), time(8), LA)


def test_closed_days_do_not_count() -> None:
    friday = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)  # 15:00 at the schools
    closed = read_closed_days(["2026-11-23..2026-11-27"])
    hours = OfficeHours(time(8), time(16), ZoneInfo("America/Los_Angeles"), closed)
    assert hours.add(friday, timedelta(hours=2)) == datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize("word", ["someday", "2026-11-27..2026-11-23", "2026-01-01..2027-01-01"])
def test_a_day_that_is_none_is_named(word: str) -> None:
    with pytest.raises(ValueError, match=re.escape(word)):
        read_closed_days([word])
