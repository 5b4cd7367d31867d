"""A line rests while the district does, or anybody who shares it: each in the zone where the telephone is."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.model.errors import BadInput
from bot.school.quiet_hours import QuietHours
from bot.school.resting import (
    OwnHours,
    next_common,
    read_hours,
    set_hours,
    windows_by_line,
)
from bot.storage.people import Guardian
from bot.storage.session import Database
from bot.storage.staff import AuditEvent
from tests import cast
from tests.conftest import FixedClock

PACIFIC, EASTERN = ZoneInfo("America/Los_Angeles"), ZoneInfo("America/New_York")
DISTRICT = QuietHours(time(20), time(8), PACIFIC)
EMMA, HODAN = "grd-00005-1", "grd-00025-1"


def local(
    hour: int, minute: int = 0, *, day: int = 16, month: int = 11, zone: ZoneInfo = PACIFIC
) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=zone)


def keep(database: Database, clock: FixedClock, guardian: str, hours: OwnHours) -> None:
    with database.write() as session:
        person = session.scalars(select(Guardian).where(Guardian.source_id == guardian)).one()
        set_hours(session, person, hours, DISTRICT, actor="rosa", now=clock.now())


def free_from(database: Database, address: str, moment: datetime) -> datetime | None:
    with database.read() as session:
        line = ("sms", address)
        one = next_common(windows_by_line(session, [line], DISTRICT).get(line, (DISTRICT,)), moment)
        many = windows_by_line(session, None, DISTRICT).get(line, (DISTRICT,))
        assert next_common(many, moment) == one
        return one


@pytest.fixture
def town(database: Database) -> Database:
    """The cast, on each kind of database."""
    with database.write() as session:
        cast.populate(session)
    return database


def test_without_any_wish_the_districts_hours_hold(town: Database) -> None:
    assert free_from(town, cast.EMMA, local(7)) == local(8)
    assert free_from(town, cast.EMMA, local(12)) == local(12)


def test_a_late_sleeper_is_texted_after_her_own_hour_and_before_the_districts(
    town: Database, clock: FixedClock
) -> None:
    keep(town, clock, EMMA, OwnHours(not_before=time(10), not_after=time(18)))
    assert free_from(town, cast.EMMA, local(8, 30)) == local(10)
    assert free_from(town, cast.EMMA, local(19)) == local(10, day=17)
    assert free_from(town, cast.HODAN, local(8, 30)) == local(8, 30)


def test_who_works_at_night_sleeps_in_the_day(town: Database, clock: FixedClock) -> None:
    keep(town, clock, EMMA, OwnHours(not_before=time(15), not_after=time(8, 30)))
    assert free_from(town, cast.EMMA, local(8, 10)) == local(8, 10)
    assert free_from(town, cast.EMMA, local(9)) == local(15)


@pytest.mark.parametrize(
    ("hours", "when"),
    [(OwnHours(not_before=time(9)), local(19, 30)), (OwnHours(not_after=time(19)), local(8, day=17))],
)
def test_one_end_alone_is_enough(town: Database, clock: FixedClock, hours: OwnHours, when: datetime) -> None:
    keep(town, clock, EMMA, hours)
    assert free_from(town, cast.EMMA, local(19, 30)) == when


def test_the_wall_is_the_one_where_the_telephone_is(town: Database, clock: FixedClock) -> None:
    keep(town, clock, EMMA, OwnHours(zone="America/New_York"))
    assert free_from(town, cast.EMMA, local(18)) == local(8, day=17, zone=EASTERN)
    assert free_from(town, cast.EMMA, local(6)) == local(6)  # nine o'clock there


def test_the_rosters_zone_counts_until_staff_set_another(town: Database, clock: FixedClock) -> None:
    with town.write() as session:
        session.execute(
            update(Guardian).where(Guardian.source_id == EMMA).values(time_zone="America/New_York")
        )
    assert free_from(town, cast.EMMA, local(6)) == local(6)
    keep(town, clock, EMMA, OwnHours(zone="America/Chicago"))
    assert free_from(town, cast.EMMA, local(5, 30)) == local(8, zone=ZoneInfo("America/Chicago"))


def test_a_shared_telephone_rests_while_any_of_its_people_does(town: Database, clock: FixedClock) -> None:
    keep(town, clock, "grd-00008-1", OwnHours(not_before=time(11)))
    keep(town, clock, "grd-00012-1", OwnHours(not_after=time(12)))
    assert free_from(town, cast.SHARED, local(9)) == local(11)
    assert free_from(town, cast.SHARED, local(13)) == local(11, day=17)


def test_people_who_share_a_telephone_may_leave_no_hour_at_all(town: Database, clock: FixedClock) -> None:
    keep(town, clock, "grd-00008-1", OwnHours(not_before=time(14)))
    keep(town, clock, "grd-00012-1", OwnHours(not_after=time(12)))
    assert free_from(town, cast.SHARED, local(9)) is None


def test_a_wish_is_right_on_the_days_the_clocks_change() -> None:
    own = QuietHours(time(0), time(9, 30), PACIFIC)
    spring, autumn = local(1, day=8, month=3), local(1, day=1, month=11)
    assert next_common((DISTRICT, own), spring) == datetime(2026, 3, 8, 16, 30, tzinfo=UTC)  # 9:30 PDT
    assert next_common((DISTRICT, own), autumn) == datetime(2026, 11, 1, 17, 30, tzinfo=UTC)  # 9:30 PST
    skipped = QuietHours(time(20), time(2, 30), PACIFIC)  # 2:30 is left out on that day
    assert next_common((skipped,), spring) == datetime(2026, 3, 8, 10, 30, tzinfo=UTC)  # 3:30 PDT


CLOCK_TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


@given(
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    ends=st.lists(
        st.tuples(CLOCK_TIMES, CLOCK_TIMES, st.sampled_from((PACIFIC, EASTERN))), min_size=1, max_size=3
    ),
)
def test_the_moment_found_is_free_in_every_window(
    moment: datetime, ends: list[tuple[time, time, ZoneInfo]]
) -> None:
    windows = tuple(QuietHours(*one) for one in ends)
    found = next_common(windows, moment)
    if found is not None:
        assert found >= moment
        assert not any(window.covers(found) for window in windows)
    if not any(window.covers(moment) for window in windows):
        assert found == moment


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (OwnHours(zone="Mars/Olympus"), "'Mars/Olympus' is no time zone"),
        (OwnHours(not_before=time(20), not_after=time(22)), "no time would be left"),
        (OwnHours(not_before=time(9), not_after=time(9)), "The two times are the same"),
    ],
)
def test_hours_that_make_no_sense_are_refused(
    town: Database, clock: FixedClock, hours: OwnHours, told: str
) -> None:
    with pytest.raises(BadInput, match=told):
        keep(town, clock, EMMA, hours)


def test_who_set_what_is_kept_and_can_be_taken_back(town: Database, clock: FixedClock) -> None:
    wish = OwnHours(time(9), time(17), "America/Chicago")
    keep(town, clock, EMMA, wish)
    with town.read() as session:
        key = session.scalars(select(Guardian.id).where(Guardian.source_id == EMMA)).one()
        assert read_hours(session, key) == wish
    keep(town, clock, EMMA, OwnHours())
    with town.read() as session:
        assert read_hours(session, key) == OwnHours()
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        assert [(one.actor, one.deed, one.subject_id, one.detail) for one in events] == [
            ("rosa", "set_own_hours", key,
             {"not_before": "09:00:00", "not_after": "17:00:00", "zone": "America/Chicago"}),
            ("rosa", "set_own_hours", key, {}),
        ]  # fmt: skip
