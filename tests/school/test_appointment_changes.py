"""A family is told of a change only when it was made."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.model.dialogue import Phrase
from bot.school.appointment_changes import Change, change_appointment
from bot.school.conferences import Booking, book, cancel
from bot.school.policy import Policy
from bot.storage.conferences import Appointment, Opening
from bot.storage.session import Database
from tests import cast, cast_world
from tests.conftest import FixedClock


def _standing(session: Session, clock: FixedClock) -> Appointment:
    people = cast.populate(session)
    cast_world.add_openings(session, people, clock.now())
    opening = session.query(Opening).order_by(Opening.starts_at.desc()).first()
    assert opening is not None
    child, guardian = people.students["stu-000008"].id, people.guardians["grd-00006-1"].id
    return book(session, Booking(opening.id, child, guardian, "phone"), Policy(), clock.now())


def _said(session: Session, standing: Appointment, change: Change, clock: FixedClock) -> tuple[object, str]:
    receipt = change_appointment(session, [standing.guardian_id], standing.id, change, clock.now())
    phrase = receipt.say[0].texts[0]
    assert isinstance(phrase, Phrase)
    return receipt.slots["change_made"], phrase.name


def test_a_change_that_was_made_is_told(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.write() as session:
        standing = _standing(session, clock)
        change = Change(cancel, "utter_appointment_cancelled")
        assert _said(session, standing, change, clock) == ("yes", "utter_appointment_cancelled")
        session.refresh(standing)
        assert standing.status == "cancelled"


def test_where_somebody_was_faster_nobody_is_told_that_it_was_done(
    sqlite_database: Database, clock: FixedClock
) -> None:
    def too_late(session: Session, appointment: Appointment, now: object) -> bool:
        assert cancel(session, appointment, clock.now())  # the office, a moment before
        return cancel(session, appointment, clock.now())

    with sqlite_database.write() as session:
        change = Change(too_late, "utter_appointment_cancelled")
        told = _said(session, _standing(session, clock), change, clock)
        assert told == ("no", "utter_appointment_gone")
