"""Conferences: free openings, booking without double booking, moving, cancelling, confirming."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.model.errors import NotFound, Taken
from bot.school import reminders
from bot.school.policy import Policy
from bot.storage.conferences import (
    LIVE,
    Appointment,
    Opening,
    list_free_openings,
    list_live_appointments,
)

NOTICE = timedelta(hours=2)
"""No opening sooner than this is offered: teachers need to hear of it."""
AHEAD = timedelta(days=60)
AT_A_TIME = 3
MODES = ("in_person", "phone", "video")


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


def offer(
    session: Session,
    staff_ids: Sequence[int],
    guardian_id: int,
    seen: Collection[int],
    now: datetime,
    zone: ZoneInfo,
) -> tuple[Sequence[Opening], bool]:
    """The next three free openings not offered yet, in order of time, and whether there are more.

    Spread over days: three slots of one afternoon would be no choice for somebody who works then.
    Times at which the guardian has another conference are left out.
    """
    busy = [appointment.opening for appointment in list_live_appointments(session, [guardian_id], now)]
    free = [
        opening
        for opening in list_free_openings(session, staff_ids, now + NOTICE, now + AHEAD)
        if opening.id not in seen and not any(_overlap(opening, other) for other in busy)
    ]
    chosen = _spread(free, zone)[:AT_A_TIME]
    return sorted(chosen, key=lambda opening: (opening.starts_at, opening.id)), len(free) > len(chosen)


def _overlap(one: Opening, other: Opening) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _spread(openings: Sequence[Opening], zone: ZoneInfo) -> list[Opening]:
    """The first of each day, then the second of each day, and so on."""
    rank: dict[object, int] = {}
    ranked = []
    for place, opening in enumerate(openings):
        day = opening.starts_at.astimezone(zone).date()
        rank[day] = rank.get(day, 0) + 1
        ranked.append((rank[day], place, opening))
    return [opening for _, _, opening in sorted(ranked, key=lambda entry: entry[:2])]


def find_opening(session: Session, opening_id: object, staff_ids: Sequence[int], now: datetime) -> Opening:
    """The opening with this key, if it is one of these people's and still to come; NotFound otherwise."""
    opening = session.get(Opening, opening_id) if isinstance(opening_id, int) else None
    if opening is None or opening.staff_id not in staff_ids or opening.starts_at <= now:
        raise NotFound(f"no opening {opening_id!r} to be offered")
    return opening


def modes_of(opening: Opening) -> tuple[str, ...]:
    """The ways a conference in this opening can be held."""
    offered = {mode.strip() for mode in opening.modes.split(",")}
    return tuple(mode for mode in MODES if mode in offered) or MODES


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
    moved = book(session, booking, policy, now)
    if not _end(session, appointment, "moved", now):
        raise Taken(f"appointment {appointment.id} was changed in the meantime")
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
) -> Appointment:
    """The live appointment with this key, if it is one of theirs; NotFound otherwise."""
    for appointment in live_appointments(session, guardian_ids, now):
        if appointment.id == appointment_id:
            return appointment
    raise NotFound(f"no live appointment {appointment_id!r} of guardians {list(guardian_ids)}")


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
