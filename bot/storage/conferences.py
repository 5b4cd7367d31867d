"""Conference openings and the appointments booked in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.base import Base, Keyed
from bot.storage.people import Guardian, StaffMember, Student

_LIVE = "status in ('booked','confirmed')"


class Opening(Keyed, Base):
    """A time a member of staff offers for one conference. `modes`: comma list of in_person, phone, video."""

    __tablename__ = "openings"
    __table_args__ = (UniqueConstraint("staff_id", "starts_at"), Index("ix_openings_starts", "starts_at"))

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    modes: Mapped[str] = mapped_column(default="in_person,phone,video")
    place: Mapped[str] = mapped_column(default="")

    staff: Mapped[StaffMember] = relationship()


class Appointment(Keyed, Base):
    """An opening that a guardian took for a child. At most one live appointment per opening."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index("uq_appointments_live_opening", "opening_id", unique=True,
              sqlite_where=text(_LIVE), postgresql_where=text(_LIVE)),
    )  # fmt: skip

    opening_id: Mapped[int] = mapped_column(ForeignKey("openings.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    guardian_id: Mapped[int] = mapped_column(ForeignKey("guardians.id"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    mode: Mapped[str]
    interpreter_language: Mapped[str | None]
    childcare: Mapped[bool] = mapped_column(default=False)
    transport: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(default="booked")  # booked confirmed moved cancelled
    booked_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]

    opening: Mapped[Opening] = relationship()
    student: Mapped[Student] = relationship()
    guardian: Mapped[Guardian] = relationship()
