"""Reminders are rows: due once, fired once, cancelled with what they remind of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.base import Base, Keyed
from bot.storage.conferences import Appointment


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
