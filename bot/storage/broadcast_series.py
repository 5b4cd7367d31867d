"""Series: a broadcast that is sent again and again. Each time is a broadcast of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bot.storage.base import Base, Keyed
from bot.storage.broadcasts import Broadcast
from bot.storage.people import StaffMember


class BroadcastSeries(Keyed, Base):
    """When a broadcast is repeated. What it says and to whom stands in its newest broadcast.

    `rule` is an iCalendar RRULE (RFC 5545) counted from `starts_at` in the zone of the schools.
    `state`: draft live stopped ended. A time is worth nothing `lasts` seconds after it. {date} is the day
    `about_after` days after the one it is sent on. `skipped` are moments (ISO 8601, UTC) that staff left out.
    All times up to `made_until` are dealt with. `approved_content` says what was approved.
    """

    __tablename__ = "broadcast_series"
    __table_args__ = (Index("ix_broadcast_series_state", "state"),)

    author_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"))
    rule: Mapped[str]
    starts_at: Mapped[datetime]
    skip_closed: Mapped[bool] = mapped_column(default=True)
    lasts: Mapped[int]
    about_after: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="draft")
    skipped: Mapped[list[Any]] = mapped_column(default=list)
    made_until: Mapped[datetime | None]
    approved_content: Mapped[str | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    approved_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    author: Mapped[StaffMember] = relationship(foreign_keys=[author_id])


def lock_series(session: Session, series_id: int) -> BroadcastSeries | None:
    """The series as it stands now, kept from every other writer until the transaction ends."""
    query = select(BroadcastSeries).where(BroadcastSeries.id == series_id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def list_live(session: Session) -> Sequence[BroadcastSeries]:
    """All series that go on."""
    query = select(BroadcastSeries).where(BroadcastSeries.state == "live").order_by(BroadcastSeries.id)
    return session.scalars(query).all()


def pattern_of(session: Session, series_id: int) -> Broadcast | None:
    """The newest broadcast of a series that was to be sent: the coming ones say the same to the same.

    Not one that was cancelled while it waited for an approval: nobody agreed to it.
    """
    refused = (Broadcast.state == "cancelled") & Broadcast.needs_approval & Broadcast.approved_at.is_(None)
    query = select(Broadcast).where(
        Broadcast.series_id == series_id, Broadcast.occurrence.is_not(None), ~refused
    )
    return session.scalars(query.order_by(Broadcast.id.desc()).limit(1)).first()


def find_occurrence(session: Session, series_id: int, moment: datetime) -> Broadcast | None:
    """The broadcast of a series for that moment, if it was made."""
    query = select(Broadcast).where(Broadcast.series_id == series_id, Broadcast.occurrence == moment)
    return session.scalars(query).one_or_none()


def list_occurrences(session: Session, series_id: int, limit: int) -> Sequence[Broadcast]:
    """The latest broadcasts of a series, latest first."""
    query = select(Broadcast).where(Broadcast.series_id == series_id, Broadcast.occurrence.is_not(None))
    return session.scalars(query.order_by(Broadcast.occurrence.desc()).limit(limit)).all()
