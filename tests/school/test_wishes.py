"""The day and hour a family asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model.dialogue import Phrase
from bot.school.wishes import Wish, offer_wished, wish_of
from bot.storage.conferences import Opening

LA = ZoneInfo("America/Los_Angeles")


def opening(key: int, day: int, hour: int) -> Opening:
    """Twenty minutes on a day of November 2026, from an hour at the schools on."""
    starts = datetime(2026, 11, day, hour, tzinfo=LA).astimezone(UTC)
    return Opening(
        id=key, staff_id=1, starts_at=starts, ends_at=starts + timedelta(minutes=20), modes="phone"
    )


FREE = (opening(1, 17, 9), opening(2, 17, 15), opening(3, 19, 14), opening(4, 20, 16))


def ids(wish: Wish, seen: set[int] | None = None) -> tuple[list[int], bool]:
    found, _, fits = offer_wished(FREE, seen or set(), wish, LA)
    return [one.id for one in found], fits


def test_what_fits_is_offered_alone() -> None:
    assert ids(Wish(first=date(2026, 11, 17))) == ([1, 2], True)
    assert ids(Wish(first=date(2026, 11, 17), after=time(12))) == ([2], True)
    assert ids(Wish(first=date(2026, 11, 17), last=date(2026, 11, 19), part="afternoon")) == ([2, 3], True)
    assert ids(Wish(at=time(14, 10))) == ([3], True)
    assert ids(Wish(before=time(12))) == ([1], True)


def test_where_nothing_fits_the_nearest_times_are_offered() -> None:
    assert ids(Wish(first=date(2026, 11, 18), at=time(15))) == ([1, 2, 3], False)


def test_after_all_that_fits_come_the_nearest_others() -> None:
    assert ids(Wish(first=date(2026, 11, 17)), {1, 2}) == ([3, 4], False)


def test_the_wish_is_said_back_in_words() -> None:
    wish = wish_of({"wished_date": "2026-11-17", "wished_after": "15:00", "wished_part": None})
    assert wish is not None
    assert wish.phrase() == Phrase("utter_wish_day_after", {"day": date(2026, 11, 17), "hour": time(15)})
    assert wish_of({"wished_part": "morning"}) == Wish(part="morning")
    assert wish_of({}) is None
