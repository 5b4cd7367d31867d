"""Rules of repetition: days in the zone of the schools, the same hour on the wall in summer and winter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from bot.model.errors import BadInput
from bot.school.broadcasts.recurrence import Calendar, moments, open_moments, read_rule

ZONE = ZoneInfo("America/Los_Angeles")


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZONE).astimezone(UTC)  # type: ignore[misc]


def first(rule: str, start: datetime, many: int = 4) -> list[datetime]:
    return list(islice(moments(read_rule(rule), start, ZONE), many))


def test_each_weekday_leaves_out_the_weekend() -> None:
    found = first("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", at(2026, 11, 19, 7, 30), 3)
    assert found == [at(2026, 11, 19, 7, 30), at(2026, 11, 20, 7, 30), at(2026, 11, 23, 7, 30)]


def test_the_hour_on_the_wall_stays_when_clocks_change() -> None:
    found = first("FREQ=DAILY", at(2026, 10, 31, 9, 0), 3)
    assert [one.hour for one in found] == [16, 17, 17]
    assert [one.astimezone(ZONE).hour for one in found] == [9, 9, 9]


def test_an_hour_that_clocks_leave_out_comes_an_hour_later_and_one_they_repeat_comes_once() -> None:
    spring = first("FREQ=DAILY", at(2027, 3, 13, 2, 30), 3)
    assert [one.astimezone(ZONE).strftime("%d %H:%M") for one in spring] == [
        "13 02:30",
        "14 03:30",
        "15 02:30",
    ]
    autumn = first("FREQ=DAILY", at(2026, 10, 31, 1, 30), 3)
    assert [one.strftime("%d %H:%M") for one in autumn] == ["31 08:30", "01 08:30", "02 09:30"]


def test_a_month_without_the_day_is_passed_over() -> None:
    found = first("RRULE:freq=monthly;bymonthday=31", at(2027, 1, 1, 8, 0), 3)
    assert [(one.month, one.day) for one in found] == [(1, 31), (3, 31), (5, 31)]


def test_it_ends_by_number_or_by_a_day_that_still_counts() -> None:
    assert len(first("FREQ=DAILY;COUNT=3", at(2026, 11, 20, 20, 0), 9)) == 3
    until = first("FREQ=DAILY;UNTIL=20261122", at(2026, 11, 20, 20, 0), 9)
    assert [one.astimezone(ZONE).day for one in until] == [20, 21, 22]


def test_closed_days_are_left_out_only_where_wanted() -> None:
    calendar = Calendar(ZONE, frozenset({date(2026, 11, 26), date(2026, 11, 27)}))
    rule, start = read_rule("FREQ=DAILY"), at(2026, 11, 25, 18, 0)
    open_ones = islice(open_moments(rule, start, calendar, skip_closed=True), 2)
    assert [one.astimezone(ZONE).day for one in open_ones] == [25, 28]
    every = islice(open_moments(rule, start, calendar, skip_closed=False), 2)
    assert [one.astimezone(ZONE).day for one in every] == [25, 26]


@pytest.mark.parametrize(
    ("words", "why"),
    [("", "is no rule"), ("daily", "is no rule"), ("FREQ=HOURLY", "FREQ= one of DAILY"), ("BYDAY=MO", "Start the rule"),
     ("FREQ=DAILY;BYHOUR=3", "BYHOUR cannot stand"), ("FREQ=DAILY;COUNT=2;UNTIL=20261218", "not both"),
     ("FREQ=DAILY;UNTIL=20261218T100000Z", "is no rule"), ("FREQ=WEEKLY;BYDAY=XX", "is no rule"),
     ("FREQ=DAILY;COUNT=0", "never comes"), ("FREQ=DAILY;FREQ=WEEKLY", "is no rule"), ("FREQ=DAILY;COUNT=", "is no rule"),
     ("FREQ=MONTHLY;BYMONTHDAY=40", "never comes"), ("FREQ=DAILY;INTERVAL=0", "is no rule"), ("FREQ=DAILY;INTERVAL=-1", "is no rule")],
)  # fmt: skip
def test_a_rule_without_meaning_is_refused_with_the_reason(words: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        read_rule(words)
