"""Series: each time a broadcast of its own, approved once, never in a burst, stopped or skipped at any moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.jobs.recurring import Recurring
from bot.model.errors import BadInput, Taken
from bot.school.broadcasts import course
from bot.school.broadcasts.occurrences import skip_occurrence, stop_series
from bot.school.broadcasts.preview import preview
from bot.school.broadcasts.recurrence import Repeats
from bot.school.policy import Policy
from bot.storage.broadcast_series import BroadcastSeries
from bot.storage.broadcasts import Broadcast
from bot.storage.people import StaffMember
from bot.storage.staff import AuditEvent
from tests.broadcasts import District

ZONE = ZoneInfo("America/Los_Angeles")
WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZONE).astimezone(UTC)  # type: ignore[misc]


TUESDAY = at(2026, 11, 17, 9, 0)  # the day after the tests' today


def begin(district: District, rule: str = "FREQ=DAILY", text: str = "Bus 7 is late.", **wanted: Any) -> int:
    """A scheduled series; the number of its first broadcast."""
    wanted = {"send_at": TUESDAY, "languages": ["en"], **wanted}
    repeats = Repeats(rule, district.desk.calendar, wanted.pop("skip_closed", True))
    with district.database.write() as session:
        draft = district.compose(session, text, repeats=repeats, **wanted)
        district.schedule(session, draft)
    return draft.id


def go_to(district: District, moment: datetime) -> None:
    """The clock ticks at that moment, and what is due leaves."""
    district.clock.advance(moment - district.clock.now())
    Recurring(district.database, lambda: district.desk).make()
    district.advance()
    district.deliver()
    district.advance()


def broadcasts(district: District) -> list[Broadcast]:
    with district.database.read() as session:
        return list(session.scalars(select(Broadcast).order_by(Broadcast.id)))


def days(district: District) -> list[tuple[int, str]]:
    """The day of the month and the state of each."""
    return [(one.send_at.astimezone(ZONE).day, one.state) for one in broadcasts(district) if one.send_at]


def series(district: District) -> BroadcastSeries:
    with district.database.read() as session:
        return session.scalars(select(BroadcastSeries)).one()


def test_each_time_is_a_broadcast_of_its_own_made_shortly_before_it(any_district: District) -> None:
    district = any_district
    begin(district, "FREQ=DAILY;COUNT=3")
    go_to(district, TUESDAY)
    assert days(district) == [(17, "done")]
    go_to(district, TUESDAY + timedelta(hours=22))
    assert days(district) == [(17, "done")]
    go_to(district, TUESDAY + timedelta(hours=23))
    go_to(district, TUESDAY + timedelta(hours=23, minutes=1))
    assert days(district) == [(17, "done"), (18, "scheduled")]
    go_to(district, TUESDAY + timedelta(hours=24))
    go_to(district, TUESDAY + timedelta(hours=48))
    go_to(district, TUESDAY + timedelta(hours=72))
    assert days(district) == [(17, "done"), (18, "done"), (19, "done")]
    assert series(district).state == "ended"
    assert len(district.channel.taken) == 12


def test_the_text_its_readers_and_its_worth_are_those_of_the_first(district: District) -> None:
    begin(district, text="{child}: library books are due on {date}.", about_on=date(2026, 11, 18),
          expires_at=TUESDAY + timedelta(hours=2), translations={"es": "{child}: {date}."}, fallback=False)  # fmt: skip
    go_to(district, TUESDAY + timedelta(hours=24))
    first, second = broadcasts(district)
    assert (second.text, second.translations, second.audience) == (
        first.text,
        first.translations,
        first.audience,
    )
    assert second.about_on == date(2026, 11, 19) and not second.fallback
    assert second.expires_at == TUESDAY + timedelta(hours=26)


def test_what_was_missed_while_no_clock_ran_is_never_sent_in_a_burst(any_district: District) -> None:
    district = any_district
    begin(district, expires_at=TUESDAY + timedelta(hours=30))
    go_to(district, TUESDAY)
    # Back on Sunday at noon: Saturday's is worth something for three hours still, Sunday's for a day.
    go_to(district, TUESDAY + timedelta(days=5, hours=3))
    assert days(district) == [(17, "done"), (22, "done")]


def test_what_is_stale_when_the_clock_comes_back_is_skipped(district: District) -> None:
    begin(district, expires_at=TUESDAY + timedelta(hours=1))
    go_to(district, TUESDAY)
    go_to(district, TUESDAY + timedelta(days=3, hours=2))
    assert days(district) == [(17, "done")]
    go_to(district, TUESDAY + timedelta(days=4))
    assert days(district) == [(17, "done"), (21, "done")]


def test_two_clocks_at_once_make_one(district: District) -> None:
    begin(district)
    go_to(district, TUESDAY)
    district.clock.advance(timedelta(hours=23, minutes=30))
    for _ in range(2):
        Recurring(district.database, lambda: district.desk).make()
    assert [day for day, _ in days(district)] == [17, 18]


def test_a_draft_shows_the_next_dates_and_takes_none(district: District) -> None:
    district.policy = Policy(closed_days=frozenset({date(2026, 11, 18)}))
    with district.database.write() as session:
        repeats = Repeats(WEEKDAYS, district.desk.calendar)
        draft = district.compose(session, "Bus.", send_at=TUESDAY, repeats=repeats)
        seen = preview(session, draft, district.desk)
        assert draft.occurrence is None
    assert [one.astimezone(ZONE).day for one in seen.dates] == [17, 19, 20]
    go_to(district, TUESDAY + timedelta(days=3))
    assert district.channel.taken == []


def test_a_draft_that_was_left_lying_takes_the_next_time_that_is_to_come(district: District) -> None:
    with district.database.write() as session:
        repeats = Repeats("FREQ=DAILY", district.desk.calendar)
        draft = district.compose(session, "Bus.", send_at=TUESDAY, repeats=repeats)
    district.clock.advance(timedelta(days=3))
    with district.database.write() as session:
        district.schedule(session, draft)
    assert days(district) == [(20, "scheduled")]


def approve(district: District, number: int) -> None:
    with district.database.write() as session:
        who = session.get_one(StaffMember, district.people.staff["staff-1-pr"].id)
        course.approve(session, number, who, district.desk, "terry")


def test_one_approval_holds_for_the_series_until_its_text_changes(any_district: District) -> None:
    district = any_district
    district.policy = Policy(approval_above=2)
    number = begin(district)
    approve(district, number)
    go_to(district, TUESDAY)
    go_to(district, TUESDAY + timedelta(days=1))
    assert days(district) == [(17, "done"), (18, "done")]
    second = broadcasts(district)[1]
    assert (second.needs_approval, second.approved_by) == (True, district.people.staff["staff-1-pr"].id)
    with district.database.write() as session:
        changed = district.compose(
            session, "Bus 9 is late.", languages=["en"], series_id=second.series_id,
            repeats=Repeats("", district.desk.calendar),
        )  # fmt: skip
        district.schedule(session, changed)
    go_to(district, TUESDAY + timedelta(days=2))
    assert days(district)[2:] == [(19, "scheduled")]
    approve(district, changed.id)
    go_to(district, TUESDAY + timedelta(days=2, minutes=1))
    go_to(district, TUESDAY + timedelta(days=3))
    assert days(district)[2:] == [(19, "done"), (20, "done")]
    assert [one.text for one in broadcasts(district)[2:]] == ["Bus 9 is late."] * 2


def test_a_change_nobody_approved_and_somebody_cancelled_is_forgotten(district: District) -> None:
    district.policy = Policy(approval_above=2)
    approve(district, begin(district))
    go_to(district, TUESDAY)
    with district.database.write() as session:
        changed = district.compose(
            session, "Nonsense.", languages=["en"], series_id=broadcasts(district)[0].series_id,
            repeats=Repeats("", district.desk.calendar),
        )  # fmt: skip
        district.schedule(session, changed)
        course.cancel(session, changed.id, "operator", district.clock.now())
    go_to(district, TUESDAY + timedelta(days=1))
    go_to(district, TUESDAY + timedelta(days=2))
    assert [(one.text, one.state) for one in broadcasts(district)] == [
        ("Bus 7 is late.", "done"), ("Nonsense.", "cancelled"), ("Bus 7 is late.", "done"),
    ]  # fmt: skip


def test_only_who_began_a_series_changes_it(district: District) -> None:
    begin(district)
    with pytest.raises(BadInput, match="Only who began"), district.database.write() as session:
        district.compose(
            session, "Mine.", author="staff-2-pr", schools=["sch-2"], series_id=series(district).id,
            repeats=Repeats("", district.desk.calendar),
        )  # fmt: skip


def test_one_time_is_left_out_before_and_after_it_is_made(any_district: District) -> None:
    district = any_district
    begin(district)
    go_to(district, TUESDAY)
    with district.database.write() as session:
        skip_occurrence(session, series(district).id, TUESDAY + timedelta(days=2), "rosa", district.desk)
    go_to(district, TUESDAY + timedelta(hours=23))
    with district.database.write() as session:
        skip_occurrence(session, series(district).id, TUESDAY + timedelta(days=1), "rosa", district.desk)
        coming = preview(session, session.get_one(Broadcast, 1), district.desk).dates
    assert [one.astimezone(ZONE).day for one in coming] == [20, 21, 22]
    for hours in (24, 48, 72):
        go_to(district, TUESDAY + timedelta(hours=hours))
    assert days(district) == [(17, "done"), (18, "cancelled"), (20, "done")]
    with district.database.write() as session:
        for moment in (TUESDAY, TUESDAY + timedelta(days=9, hours=1)):
            with pytest.raises(BadInput, match="no such time"):
                skip_occurrence(session, series(district).id, moment, "rosa", district.desk)


def test_a_stopped_series_sends_nothing_more(any_district: District) -> None:
    district = any_district
    begin(district)
    go_to(district, TUESDAY)
    go_to(district, TUESDAY + timedelta(hours=23))
    with district.database.write() as session:
        stop_series(session, series(district).id, "rosa", district.clock.now())
        assert not preview(session, session.get_one(Broadcast, 1), district.desk).dates
        with pytest.raises(Taken):
            stop_series(session, series(district).id, "rosa", district.clock.now())
    for hours in (24, 48):
        go_to(district, TUESDAY + timedelta(hours=hours))
    assert days(district) == [(17, "done"), (18, "cancelled")]
    with district.database.read() as session:
        deeds = [event.deed for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert deeds == [
        "compose_broadcast",
        "schedule_broadcast",
        "repeat_broadcast",
        "cancel_broadcast",
        "stop_series",
    ]


def test_a_series_of_somebody_who_may_not_write_to_its_families_any_more_stops(district: District) -> None:
    begin(district, author="staff-2-pr", schools=["sch-2"], languages=[])
    go_to(district, TUESDAY)
    with district.database.write() as session:
        theirs = StaffMember.id == district.people.staff["staff-2-pr"].id
        session.execute(update(StaffMember).where(theirs).values(active=False))
    go_to(district, TUESDAY + timedelta(days=1))
    assert (days(district), series(district).state) == ([(17, "done")], "stopped")


def test_what_has_no_first_time_or_no_rule_is_refused(district: District) -> None:
    for wanted, rule, why in (
        ({"send_at": None}, "FREQ=DAILY", "needs the day"), ({}, "FREQ=DAILY;UNTIL=20261101", "no time"),
        ({}, "daily", "is no rule"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=why), district.database.write() as session:
            repeats = Repeats(rule, district.desk.calendar)
            district.compose(session, "Bus.", **{"send_at": TUESDAY, **wanted}, repeats=repeats)
        assert broadcasts(district) == []
