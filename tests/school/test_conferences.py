"""Conferences: offered fairly, never booked twice, moved without losing the first, reminded of in time."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bot.model.errors import NotFound, Taken
from bot.school import conferences, openings
from bot.school.conferences import Booking
from bot.school.family import facts_for
from bot.school.policy import Policy
from bot.storage.conferences import Appointment, Opening
from bot.storage.reminders import Reminder
from bot.storage.session import Database
from tests import cast, cast_world
from tests.conftest import FixedClock

LA = ZoneInfo("America/Los_Angeles")
POLICY = Policy()


class World:
    """The cast with openings."""

    def __init__(self, session: Session, clock: FixedClock) -> None:
        self.session, self.clock = session, clock
        self.people = cast.populate(session)
        cast_world.add_openings(session, self.people, clock.now())
        self.teacher = self.people.staff["tch-2-002"].id
        self.angel = self.people.guardians["grd-00006-1"].id
        self.sofia = self.people.students["stu-000008"].id

    def offer(self, seen: set[int] | None = None) -> tuple[list[Opening], bool]:
        free = openings.free_openings(self.session, [self.teacher], self.angel, self.clock.now())
        found, more = openings.next_openings(free, seen or set(), LA)
        return list(found), more

    def book(self, opening: Opening) -> Appointment:
        booking = Booking(
            opening.id, self.sofia, self.angel, "video", interpreter_language="es", transport=True
        )
        return conferences.book(self.session, booking, POLICY, self.clock.now())

    def reminders(self, appointment: Appointment) -> list[str]:
        rows = self.session.query(Reminder).filter_by(appointment_id=appointment.id).order_by(Reminder.due_at)
        return [f"{row.occurrence} {row.status}" for row in rows]


def test_three_openings_are_offered_on_three_different_days(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        found, more = World(session, clock).offer()
        assert len({opening.starts_at.astimezone(LA).date() for opening in found}) == 3
        assert more


def test_more_openings_are_others_until_there_are_none(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        world, seen = World(session, clock), set[int]()
        for _ in range(3):
            found, more = world.offer(seen)
            assert not seen & {opening.id for opening in found}
            seen |= {opening.id for opening in found}
        assert len(seen) == 9
        assert not more
        assert world.offer(seen) == ([], False)


def test_what_is_taken_or_too_soon_is_not_offered(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        world = World(session, clock)
        first = world.offer()[0][0]
        world.book(first)
        assert first.id not in {opening.id for opening in world.offer()[0]}
        clock.set(
            first.starts_at + timedelta(minutes=20) - timedelta(hours=1)
        )  # the next one begins in an hour
        assert all(opening.starts_at > clock.now() + openings.NOTICE for opening in world.offer()[0])


def test_a_time_at_which_the_guardian_meets_somebody_else_is_not_offered(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        world = World(session, clock)
        first = world.offer()[0][0]
        world.book(first)
        counselor = [world.people.staff["staff-2-co"].id]
        free = openings.free_openings(session, counselor, world.angel, clock.now())
        found, _ = openings.next_openings(free, set(), LA)
        assert first.starts_at not in {opening.starts_at for opening in found}


def test_an_opening_can_be_taken_once(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        world = World(session, clock)
        opening = world.offer()[0][0]
        kept = world.book(opening)
        with pytest.raises(Taken):
            world.book(opening)
        session.refresh(kept)
        assert kept.status == "booked"  # the refused one has not undone the first


def test_an_opening_that_has_begun_or_never_was_cannot_be_taken(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        world = World(session, clock)
        opening = world.offer()[0][0]
        clock.set(opening.starts_at)
        with pytest.raises(Taken):
            world.book(opening)
        with pytest.raises(Taken):
            conferences.book(session, Booking(999, world.sofia, world.angel, "phone"), POLICY, clock.now())


def test_two_who_book_at_the_same_moment_are_told_apart_by_the_database(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        world = World(session, clock)
        opening = world.offer()[0][0]
        key, rows = opening.id, (world.sofia, world.angel)
    with database.write() as session:
        conferences.book(session, Booking(key, *rows, "phone"), POLICY, clock.now())
    with database.write() as session, pytest.raises(Taken):
        conferences.book(session, Booking(key, *rows, "phone"), POLICY, clock.now())


def test_a_conference_is_found_by_its_guardian_only(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        world = World(session, clock)
        appointment = world.book(world.offer()[0][0])
        assert conferences.appointment_of(session, [world.angel], appointment.id, clock.now()) is appointment
        assert conferences.appointment_of(session, [world.angel + 1], appointment.id, clock.now()) is None


def test_an_opening_of_another_teacher_is_not_found(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        world = World(session, clock)
        opening = world.offer()[0][0]
        assert openings.find_opening(session, opening.id, [world.teacher], clock.now()) is opening
        for key, staff in ((opening.id, world.teacher + 1), ("more", world.teacher), (9999, world.teacher)):
            with pytest.raises(NotFound):
                openings.find_opening(session, key, [staff], clock.now())


def test_a_cancelled_conference_gives_its_opening_back_and_is_reminded_of_no_more(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        world = World(session, clock)
        opening = world.offer()[0][2]
        appointment = world.book(opening)
        assert conferences.cancel(session, appointment, clock.now())
        assert not conferences.cancel(session, appointment, clock.now())
        assert world.reminders(appointment) == ["3d cancelled", "1d cancelled", "2h cancelled"]
        assert opening.id in {found.id for found in world.offer()[0]}


def test_a_moved_conference_keeps_what_was_asked_for(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        world = World(session, clock)
        first, _, last = world.offer()[0]
        before = world.book(first)
        after = conferences.move(session, before, last.id, POLICY, clock.now())
        session.refresh(before)
        assert before.status == "moved"
        assert (after.mode, after.interpreter_language, after.transport) == ("video", "es", True)
        assert world.reminders(before) == ["1d cancelled", "2h cancelled"]
        assert world.reminders(after) == ["3d waiting", "1d waiting", "2h waiting"]


def test_a_move_to_a_taken_opening_leaves_the_first_one_standing(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        world = World(session, clock)
        first, second, _ = world.offer()[0]
        before = world.book(first)
        world.book(second)
        with pytest.raises(Taken):
            conferences.move(session, before, second.id, POLICY, clock.now())
        session.refresh(before)
        assert before.status == "booked"


def test_a_conference_that_was_cancelled_meanwhile_cannot_be_moved(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        world = World(session, clock)
        first, second, _ = world.offer()[0]
        before = world.book(first)
        conferences.cancel(session, before, clock.now())
        with pytest.raises(Taken):
            conferences.move(session, before, second.id, POLICY, clock.now())
        guardian = world.angel
    with database.read() as session:  # who caught Taken went on and committed
        assert conferences.live_appointments(session, [guardian], clock.now()) == []
        assert session.query(Reminder).filter_by(status="waiting").count() == 0


def test_a_move_takes_a_way_of_meeting_that_the_new_opening_offers(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        world = World(session, clock)
        first, second, _ = world.offer()[0]
        second.modes = "phone"
        assert conferences.move(session, world.book(first), second.id, POLICY, clock.now()).mode == "phone"


def test_a_confirmed_conference_stays_live_and_a_cancelled_one_cannot_be_confirmed(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        world = World(session, clock)
        appointment = world.book(world.offer()[0][0])
        line = cast.converse(session, cast.ANGEL, clock.now())
        assert conferences.confirm(session, appointment, clock.now())
        assert facts_for(session, line, clock.now())["appointments_count"] == 1
        conferences.cancel(session, appointment, clock.now())
        assert not conferences.confirm(session, appointment, clock.now())
        assert facts_for(session, line, clock.now())["appointments_count"] == 0


def test_an_opening_without_modes_offers_all_of_them() -> None:
    assert openings.modes_of(Opening(modes="video, phone")) == ("phone", "video")
    assert openings.modes_of(Opening(modes="")) == openings.MODES
