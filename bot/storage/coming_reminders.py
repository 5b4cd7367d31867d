"""Reminders that wait for their time, as a developer looks at them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from bot.storage.conferences import Appointment, Opening
from bot.storage.reminders import Reminder


def list_coming(session: Session, limit: int) -> Sequence[Reminder]:
    """Waiting reminders, soonest first, with appointment, opening, teacher and student."""
    appointment = joinedload(Reminder.appointment)
    query = (
        select(Reminder)
        .where(Reminder.status == "waiting")
        .options(
            appointment.joinedload(Appointment.opening).joinedload(Opening.staff),
            appointment.joinedload(Appointment.student),
        )
        .order_by(Reminder.due_at, Reminder.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def make_due(session: Session, reminder_id: int, now: datetime) -> bool:
    """Make a waiting reminder due at once; the clock does the rest. False when it waits no more."""
    moved = session.scalars(
        update(Reminder)
        .where(Reminder.id == reminder_id, Reminder.status == "waiting")
        .values(due_at=now)
        .returning(Reminder.id)
    )
    return moved.first() is not None
