"""Reminders: at their distances, once, not when stale, not to somebody who must not be contacted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.model.dialogue import Phrase
from bot.school import reminders
from bot.school.conferences import Booking, book, cancel
from bot.school.family import facts_for
from bot.school.policy import Policy
from bot.storage.conferences import Appointment
from bot.storage.deliveries import Delivery
from bot.storage.people import Contact, Guardianship
from bot.storage.reminders import Reminder, list_due
from bot.storage.session import Database
from tests import cast, cast_world
from tests.conftest import FixedClock


def _book(session: Session, clock: FixedClock, opening: int = 8, *, line: bool = True) -> Appointment:
    """Ángel's conference, by default on the third day at 3:40 in the afternoon."""
    people = cast.populate(session)
    openings = [
        o
        for o in cast_world.add_openings(session, people, clock.now())
        if o.staff_id == people.staff["tch-2-002"].id
    ]
    conversation = cast.converse(session, cast.ANGEL, clock.now()) if line else None
    booking = Booking(openings[opening].id, people.students["stu-000008"].id, people.guardians["grd-00006-1"].id,
                      "phone", conversation.id if conversation else None)  # fmt: skip
    return book(session, booking, Policy(), clock.now())


def _claim_due(session: Session, now: datetime) -> list[reminders.DueReminder]:
    """All that is due, claimed one by one, as the tick does it."""
    claimed = [reminders.claim(session, key, now) for key in list_due(session, now, 100)]
    return [due for due in claimed if due is not None]


def _statuses(session: Session) -> list[str]:
    return [f"{r.occurrence} {r.status}" for r in session.query(Reminder).order_by(Reminder.due_at)]


def test_distances_that_have_passed_get_no_reminder(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        _book(session, clock, opening=0)  # tomorrow
        assert _statuses(session) == ["1d waiting", "2h waiting"]


def test_each_is_worth_nothing_once_the_next_is_due_and_the_last_once_it_begins(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        appointment = _book(session, clock)
        rows = session.query(Reminder).order_by(Reminder.due_at).all()
        assert [row.worthless_at for row in rows] == [
            rows[1].due_at,
            rows[2].due_at,
            appointment.opening.starts_at,
        ]


def test_a_due_reminder_is_claimed_once(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        appointment = _book(session, clock)
    clock.set(appointment.opening.starts_at - timedelta(days=1))
    with database.write() as session:
        session.query(Reminder).filter_by(occurrence="3d").delete()
        claimed = _claim_due(session, clock.now())
        assert [due.address for due in claimed] == [cast.ANGEL]
        assert claimed[0].language == "es"
        assert claimed[0].expires_at == appointment.opening.starts_at - timedelta(hours=2)
    with database.write() as session:
        assert _claim_due(session, clock.now()) == []


def test_one_process_wins_when_two_saw_the_same_reminder(database: Database, clock: FixedClock) -> None:
    from bot.storage.reminders import settle

    with database.write() as session:
        _book(session, clock)
        key = session.query(Reminder).first()
        assert key is not None
        assert settle(session, key.id, "fired", clock.now())
        assert not settle(session, key.id, "fired", clock.now())


def test_a_stale_reminder_is_dropped(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        appointment = _book(session, clock)
        clock.set(appointment.opening.starts_at - timedelta(hours=1))
        assert [due.reminder_id for due in _claim_due(session, clock.now())]
        assert _statuses(session) == ["3d dropped", "1d dropped", "2h fired"]
        clock.advance(timedelta(hours=2))
        assert _claim_due(session, clock.now()) == []


def test_what_it_says_names_the_child_by_first_name_the_teacher_and_the_time(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        appointment = _book(session, clock)
        say = reminders.reminder_say(appointment)
    first = say.texts[0]
    assert isinstance(first, Phrase)
    assert first.name == "utter_reminder_phone"
    assert "Sofía" in str(first.values["child"])
    assert "Rodríguez" not in str(first.values)
    assert first.values["starts_at"] == appointment.opening.starts_at
    assert say.kind == "reminder"


def test_a_reminder_that_waits_out_the_night_is_withdrawn_with_its_appointment(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        appointment = _book(session, clock)
        clock.set(appointment.opening.starts_at - timedelta(hours=2))
        due = _claim_due(session, clock.now())[0]
        held = Delivery(dedupe_key="r", kind="reminder", channel="sms", recipient=due.address, language="es", body="…",
                        state="held", due_at=clock.now(), created_at=clock.now())  # fmt: skip
        session.add(held)
        session.flush()
        reminders.record_delivery(session, due.reminder_id, held.id)
        cancel(session, appointment, clock.now())
        session.refresh(held)
        assert held.state == "cancelled"


def test_a_guardian_who_must_no_longer_be_contacted_about_the_child_is_not_reminded(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        appointment = _book(session, clock)
        session.query(Guardianship).filter_by(guardian_id=appointment.guardian_id).one().no_contact = True
        clock.set(appointment.opening.starts_at - timedelta(hours=2))
        assert _claim_due(session, clock.now()) == []
        assert "2h cancelled" in _statuses(session)


def test_a_conference_booked_elsewhere_is_reminded_of_on_the_guardians_first_number(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        appointment = _book(session, clock, line=False)
        clock.set(appointment.opening.starts_at - timedelta(hours=2))
        due = _claim_due(session, clock.now())[0]
        assert (due.address, due.conversation_id) == (cast.ANGEL, None)


def test_a_guardian_reached_by_voice_only_gets_no_text(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        appointment = _book(session, clock, line=False)
        session.query(Contact).filter_by(guardian_id=appointment.guardian_id).one().channel = "voice"
        clock.set(appointment.opening.starts_at - timedelta(hours=2))
        assert _claim_due(session, clock.now()) == []


def test_the_last_reminded_conference_is_what_a_bare_letter_is_about(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        appointment = _book(session, clock)
        line = cast.converse(session, cast.SHARED, clock.now())
        own = session.get_one(type(line), appointment.conversation_id)
        assert facts_for(session, own, clock.now())["reminded_appointment"] is None
        clock.set(appointment.opening.starts_at - timedelta(hours=2))
        _claim_due(session, clock.now())
        assert facts_for(session, own, clock.now())["reminded_appointment"] == appointment.id
        assert facts_for(session, line, clock.now())["reminded_appointment"] is None
        clock.set(appointment.opening.starts_at)
        assert facts_for(session, own, clock.now())["reminded_appointment"] is None


@pytest.mark.parametrize(
    ("distance", "name"),
    [
        (timedelta(days=3), "3d"),
        (timedelta(hours=2), "2h"),
        (timedelta(minutes=90), "90m"),
        (timedelta(hours=36), "36h"),
    ],
)
def test_distances_have_short_names(distance: timedelta, name: str) -> None:
    assert reminders.occurrence(distance) == name
