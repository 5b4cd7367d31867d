"""Nobody is woken by a text they did not ask for, also on the nights when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.school.quiet_hours import QuietHours

PACIFIC = ZoneInfo("America/Los_Angeles")
NIGHT = QuietHours(time(20), time(8), PACIFIC)


def local(*parts: int, fold: int = 0) -> datetime:
    """A time on the wall, as the moment it names (Python calls a wall time that comes twice unequal to any other)."""
    return datetime(*parts, tzinfo=PACIFIC, fold=fold).astimezone(UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (local(2026, 11, 16, 9, 0), local(2026, 11, 16, 9, 0)),
        (local(2026, 11, 16, 8, 0), local(2026, 11, 16, 8, 0)),
        (local(2026, 11, 16, 7, 59), local(2026, 11, 16, 8, 0)),
        (local(2026, 11, 16, 19, 59), local(2026, 11, 16, 19, 59)),
        (local(2026, 11, 16, 20, 0), local(2026, 11, 17, 8, 0)),
        (local(2026, 11, 16, 23, 30), local(2026, 11, 17, 8, 0)),
        (local(2026, 3, 7, 22, 0), local(2026, 3, 8, 8, 0)),  # the night is an hour shorter
        (local(2026, 10, 31, 22, 0), local(2026, 11, 1, 8, 0)),  # and an hour longer
    ],
)
def test_a_text_waits_until_the_morning(moment: datetime, allowed: datetime) -> None:
    assert NIGHT.next_allowed(moment) == allowed
    assert NIGHT.next_allowed(moment).tzinfo is UTC


def test_a_window_within_one_day() -> None:
    lunch = QuietHours(time(12), time(13, 30), PACIFIC)
    assert lunch.next_allowed(local(2026, 11, 16, 12, 15)) == local(2026, 11, 16, 13, 30)
    assert not lunch.covers(local(2026, 11, 16, 13, 30))


def test_an_end_that_the_clock_skips_or_shows_twice() -> None:
    skipped = QuietHours(time(20), time(2, 30), PACIFIC)
    assert skipped.next_allowed(local(2026, 3, 8, 1, 0)) == local(2026, 3, 8, 3, 30)
    twice = QuietHours(time(20), time(1, 30), PACIFIC)
    assert twice.next_allowed(local(2026, 11, 1, 1, 10)) == local(2026, 11, 1, 1, 30)
    assert twice.next_allowed(local(2026, 11, 1, 1, 10, fold=1)) == local(2026, 11, 1, 1, 30, fold=1)


def test_equal_ends_mean_that_there_are_no_quiet_hours() -> None:
    never = QuietHours(time(8), time(8), PACIFIC)
    assert not never.covers(local(2026, 11, 16, 8, 0))
    assert not never.covers(local(2026, 11, 16, 3, 0))


ZONES = ("America/Los_Angeles", "America/St_Johns", "Australia/Lord_Howe", "Africa/Cairo", "UTC")
MINUTES = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@given(
    st.sampled_from(ZONES).map(ZoneInfo),
    MINUTES,
    MINUTES,
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(lambda m: m.replace(tzinfo=UTC)),
)
def test_the_next_allowed_moment_is_allowed_and_never_far(
    zone: ZoneInfo, start: time, end: time, moment: datetime
) -> None:
    hours = QuietHours(start, end, zone)
    allowed = hours.next_allowed(moment)
    assert moment <= allowed <= moment + timedelta(hours=26)
    assert not hours.covers(allowed)
    assert hours.covers(moment) or allowed == moment
