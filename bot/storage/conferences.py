"""Conference openings and the appointments booked in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, contains_eager, joinedload, mapped_column, relationship

from bot.storage.base import Base, Keyed
from bot.storage.people import Guardian, StaffMember, Student

_LIVE = "status in ('booked','confirmed')"
LIVE = ("booked", "confirmed")


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


def list_free_openings(
    session: Session, staff_ids: Sequence[int], after: datetime, until: datetime
) -> Sequence[Opening]:
    """The openings of these members of staff that nobody has taken, in order of time."""
    taken = select(Appointment.id).where(Appointment.opening_id == Opening.id, Appointment.status.in_(LIVE))
    query = select(Opening).where(
        Opening.staff_id.in_(staff_ids),
        Opening.starts_at > after,
        Opening.starts_at < until,
        ~taken.exists(),
    )
    return session.scalars(
        query.options(joinedload(Opening.staff)).order_by(Opening.starts_at, Opening.id)
    ).all()


def list_overlapping(session: Session, staff_id: int, begins: datetime, ends: datetime) -> Sequence[Opening]:
    """The openings of a member of staff, taken or not, that share some time with this one, in order of time."""
    query = select(Opening).where(
        Opening.staff_id == staff_id, Opening.starts_at < ends, Opening.ends_at > begins
    )
    return session.scalars(query.order_by(Opening.starts_at)).all()


def list_live_appointments(
    session: Session, guardian_ids: Sequence[int], now: datetime
) -> Sequence[Appointment]:
    """The appointments of these guardians that are still to come, soonest first."""
    query = (
        select(Appointment)
        .join(Appointment.opening)
        .where(
            Appointment.guardian_id.in_(guardian_ids),
            Appointment.status.in_(LIVE),
            Opening.starts_at > now,
        )
        .options(
            contains_eager(Appointment.opening).joinedload(Opening.staff), joinedload(Appointment.student)
        )
    )
    return session.scalars(query.order_by(Opening.starts_at, Appointment.id)).all()
