"""Conferences: booking without double booking, moving, cancelling, confirming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.model.errors import Taken
from bot.school import reminders
from bot.school.openings import modes_of
from bot.school.policy import Policy
from bot.storage.conferences import (
    LIVE,
    Appointment,
    Opening,
    list_live_appointments,
)


@dataclass(frozen=True, slots=True)
class Booking:
    """All that a booking needs. `interpreter_language` is a tag or what the family wrote; None for none."""

    opening_id: int
    student_id: int
    guardian_id: int
    mode: str
    conversation_id: int | None = None
    interpreter_language: str | None = None
    childcare: bool = False
    transport: bool = False


def book(session: Session, booking: Booking, policy: Policy, now: datetime) -> Appointment:
    """Take an opening and plan its reminders. Taken when somebody was faster.

    Who is faster is decided by the database: one live appointment an opening.
    """
    opening = session.get(Opening, booking.opening_id)
    if opening is None or opening.starts_at <= now:
        raise Taken(f"opening {booking.opening_id} is gone")
    appointment = Appointment(
        opening_id=booking.opening_id,
        student_id=booking.student_id,
        guardian_id=booking.guardian_id,
        conversation_id=booking.conversation_id,
        mode=booking.mode,
        interpreter_language=booking.interpreter_language,
        childcare=booking.childcare,
        transport=booking.transport,
        status="booked",
        booked_at=now,
    )
    try:
        with session.begin_nested():
            session.add(appointment)
            session.flush()
    except IntegrityError as error:
        raise Taken(f"opening {booking.opening_id} was taken in the meantime") from error
    reminders.plan(session, appointment, policy, now)
    return appointment


def move(
    session: Session, appointment: Appointment, opening_id: int, policy: Policy, now: datetime
) -> Appointment:
    """Book the other opening, then give the first one back. Taken leaves everything as it was."""
    opening = session.get(Opening, opening_id)
    keeps = opening is not None and appointment.mode in modes_of(opening)
    booking = Booking(
        opening_id=opening_id,
        student_id=appointment.student_id,
        guardian_id=appointment.guardian_id,
        mode=appointment.mode if keeps or opening is None else modes_of(opening)[0],
        conversation_id=appointment.conversation_id,
        interpreter_language=appointment.interpreter_language,
        childcare=appointment.childcare,
        transport=appointment.transport,
    )
    key = appointment.id
    with session.begin_nested():  # both or neither: callers go on after Taken, and commit
        moved = book(session, booking, policy, now)
        if not _end(session, appointment, "moved", now):
            raise Taken(f"appointment {key} was changed in the meantime")
    return moved


def cancel(session: Session, appointment: Appointment, now: datetime) -> bool:
    """Give the opening back; no more reminders. False when it was not live any more."""
    return _end(session, appointment, "cancelled", now)


def confirm(session: Session, appointment: Appointment, now: datetime) -> bool:
    """The family says it will come. False when the appointment is not live any more."""
    return _change(session, appointment, "confirmed", now)


def live_appointments(session: Session, guardian_ids: Sequence[int], now: datetime) -> Sequence[Appointment]:
    """The conferences of these guardians that are still to come, soonest first."""
    return list_live_appointments(session, guardian_ids, now) if guardian_ids else []


def appointment_of(
    session: Session, guardian_ids: Sequence[int], appointment_id: object, now: datetime
) -> Appointment | None:
    """The live appointment with this key, if it is one of theirs."""
    theirs = live_appointments(session, guardian_ids, now)
    return next((appointment for appointment in theirs if appointment.id == appointment_id), None)


def _end(session: Session, appointment: Appointment, status: str, now: datetime) -> bool:
    if not _change(session, appointment, status, now):
        return False
    reminders.cancel(session, appointment.id, now)
    return True


def _change(session: Session, appointment: Appointment, status: str, now: datetime) -> bool:
    changed = session.scalars(
        update(Appointment)
        .where(Appointment.id == appointment.id, Appointment.status.in_(LIVE))
        .values(status=status, changed_at=now)
        .returning(Appointment.id)
    )
    return changed.first() is not None
