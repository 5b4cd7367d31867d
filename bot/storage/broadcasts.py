"""Broadcasts: one text to many, and what became of it for each line it was meant for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, or_, select, text, true, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from bot.storage.base import Base, BigKey, Keyed
from bot.storage.people import StaffMember
from bot.storage.saved_audiences import SavedAudience

AT_WORK = ("expanding", "sending")


class Broadcast(Keyed, Base):
    """One text to many families. `audience` is an Audience as JSON; counts are computed from the rows.

    `state`: draft scheduled expanding sending paused done cancelled expired. `paused_from` is the state that
    resuming goes back to; of a cancelled one "expanding" when its list was still being made.
    `translations` are human ones by language tag. `about_on` fills {date}.
    Nothing leaves before `send_at`, before `undo_until`, or without the approval it needs.
    `resolved` is true once every recipient is a row. `one_per` says whether a telephone gets one text for all
    its children (household) or one for each (child). `override_reason` is why the approver of an urgent one
    lets it leave in the hours of rest. `saved_audience_id` is the saved audience it was written for.
    `translators` names who wrote each translation. Of a series it is the one for `occurrence`, None while it
    is a draft. `fallback`: who cannot be reached is reached in another way.
    """

    __tablename__ = "broadcasts"
    __table_args__ = (
        Index("ix_broadcasts_state", "state", "send_at"),
        Index("ix_broadcasts_occurrence", "series_id", "occurrence", unique=True),
    )

    author_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str]
    translations: Mapped[dict[str, Any]] = mapped_column(default=dict)
    translators: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    about_on: Mapped[date | None]
    audience: Mapped[dict[str, Any]]
    saved_audience_id: Mapped[int | None] = mapped_column(ForeignKey("saved_audiences.id"), index=True)
    one_per: Mapped[str] = mapped_column(default="household", server_default="household")
    category: Mapped[str] = mapped_column(default="routine")  # routine | urgent
    state: Mapped[str] = mapped_column(default="draft")
    paused_from: Mapped[str | None]
    send_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    needs_approval: Mapped[bool] = mapped_column(default=False)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    approved_at: Mapped[datetime | None]
    override_reason: Mapped[str | None] = mapped_column(Text)
    undo_until: Mapped[datetime | None]
    resolved: Mapped[bool] = mapped_column(default=False)
    series_id: Mapped[int | None]
    occurrence: Mapped[datetime | None]
    fallback: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    @property
    def being_listed(self) -> bool:
        """Whether recipients are still to become rows. Also once it is paused or cancelled: the counts are exact
        when all are."""
        return "expanding" in (self.state, self.paused_from) and not self.resolved

    author: Mapped[StaffMember] = relationship(foreign_keys=[author_id])
    approver: Mapped[StaffMember | None] = relationship(foreign_keys=[approved_by])
    saved_audience: Mapped[SavedAudience | None] = relationship()


class BroadcastRecipient(Keyed, Base):
    """One line a broadcast is meant for, or somebody without one. A shared line has a row a language.

    `about_child` is the student a text of its own is about, 0 where one text is about all `children`.

    `state`: pending queued skipped. `reason` is a word of `bot.school.broadcasts.reasons` when skipped.
    `contact_id` is None, and `line` "guardian:<id>", where a guardian has no address that can be texted.
    `children` are the names the text is about. `rescue` is what was done when the carrier could not deliver
    the text for good: another_number other_guardian reached task. `rescue_of` is the recipient in whose
    place this one is texted.
    """

    __tablename__ = "broadcast_recipients"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "contact_id", "about_child"),
        Index("ix_broadcast_recipients_state", "broadcast_id", "state", "id"),
        Index("ix_broadcast_recipients_line", "broadcast_id", "line"),
        Index("ix_broadcast_recipients_rescue_of", "rescue_of", unique=True,
              sqlite_where=text("rescue_of is not null"), postgresql_where=text("rescue_of is not null")),
    )  # fmt: skip

    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcasts.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    guardian_id: Mapped[int] = mapped_column(ForeignKey("guardians.id"))
    line: Mapped[str]
    language: Mapped[str]
    about_child: Mapped[int] = mapped_column(BigKey, default=0, server_default="0")
    children: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="pending")
    reason: Mapped[str | None]
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    rescue: Mapped[str | None]
    rescue_of: Mapped[int | None]


def lock_broadcast(session: Session, broadcast_id: int) -> Broadcast | None:
    """The broadcast as it stands now, kept from every other writer until the transaction ends."""
    query = select(Broadcast).where(Broadcast.id == broadcast_id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def states_of(session: Session, broadcast_ids: Collection[int]) -> dict[int, str]:
    """The states of these broadcasts as committed now."""
    if not broadcast_ids:
        return {}
    query = select(Broadcast.id, Broadcast.state).where(Broadcast.id.in_(broadcast_ids))
    return {row[0]: row[1] for row in session.execute(query)}


def list_broadcasts(session: Session, limit: int) -> Sequence[Broadcast]:
    """The newest broadcasts with their authors, newest first."""
    query = select(Broadcast).options(joinedload(Broadcast.author)).order_by(Broadcast.id.desc())
    return session.scalars(query.limit(limit)).all()


def list_ready(session: Session, now: datetime, *, urgent: bool = False) -> Sequence[int]:
    """Keys of broadcasts the clock has to look at: those whose time has come, and those at work. `urgent`: only those."""
    begins = (
        (Broadcast.state == "scheduled")
        & (Broadcast.send_at <= now)
        & (Broadcast.undo_until <= now)
        & or_(Broadcast.needs_approval.is_(False), Broadcast.approved_at.is_not(None))
    )
    # One that is worth nothing any more ends, whether it was approved or not.
    stale = (Broadcast.state == "scheduled") & (Broadcast.expires_at <= now)
    stopped = Broadcast.state.in_(("paused", "cancelled")) & (Broadcast.paused_from == "expanding")
    listing = stopped & Broadcast.resolved.is_(False)
    query = select(Broadcast.id).where(or_(begins, stale, Broadcast.state.in_(AT_WORK), listing))
    if urgent:
        query = query.where(Broadcast.category == "urgent")
    return session.scalars(query.order_by(Broadcast.id)).all()


def skip_pending(session: Session, broadcast_id: int, reason: str) -> None:
    """Skip everybody who still waits to be queued."""
    waiting = (BroadcastRecipient.broadcast_id == broadcast_id, BroadcastRecipient.state == "pending")
    session.execute(update(BroadcastRecipient).where(*waiting).values(state="skipped", reason=reason))
