"""Reminders are rows: due once, fired once, cancelled with what they remind of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bot.storage.base import Base, Keyed
from bot.storage.conferences import LIVE, Appointment, Opening


class Reminder(Keyed, Base):
    """One reminder of one appointment. `occurrence` ("3d", "1d", "2h") is unique per appointment."""

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("appointment_id", "occurrence"),
        Index("ix_reminders_due", "status", "due_at"),
    )

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    occurrence: Mapped[str]
    due_at: Mapped[datetime]
    worthless_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="waiting")  # waiting fired dropped cancelled
    settled_at: Mapped[datetime | None]
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))

    appointment: Mapped[Appointment] = relationship()


def list_due(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """The keys of reminders whose time has come, oldest first."""
    query = select(Reminder.id).where(Reminder.status == "waiting", Reminder.due_at <= now)
    return session.scalars(query.order_by(Reminder.due_at, Reminder.id).limit(limit)).all()


def settle(session: Session, reminder_id: int, status: str, now: datetime) -> bool:
    """End a waiting reminder; False when another process has ended it already."""
    ended = session.scalars(
        update(Reminder)
        .where(Reminder.id == reminder_id, Reminder.status == "waiting")
        .values(status=status, settled_at=now)
        .returning(Reminder.id)
    )
    return ended.first() is not None


def list_of(session: Session, appointment_id: int) -> Sequence[Reminder]:
    """All reminders of an appointment, the earliest due first."""
    query = select(Reminder).where(Reminder.appointment_id == appointment_id)
    return session.scalars(query.order_by(Reminder.due_at)).all()


def last_reminded(session: Session, guardian_ids: Sequence[int], now: datetime) -> int | None:
    """The live future appointment of these guardians that was reminded of last."""
    query = (
        select(Appointment.id)
        .join(Reminder, Reminder.appointment_id == Appointment.id)
        .join(Opening, Opening.id == Appointment.opening_id)
        .where(
            Appointment.guardian_id.in_(guardian_ids),
            Appointment.status.in_(LIVE),
            Reminder.status == "fired",
            Opening.starts_at > now,
        )
    )
    return session.scalars(query.order_by(Reminder.settled_at.desc(), Reminder.id.desc()).limit(1)).first()
