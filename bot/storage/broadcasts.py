"""Broadcasts: one text to many, and what became of it for each line it was meant for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, case, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, aliased, joinedload, mapped_column, relationship

from bot.storage.base import Base, BigKey, Keyed
from bot.storage.deliveries import Delivery
from bot.storage.people import StaffMember
from bot.storage.saved_audiences import SavedAudience

AT_WORK = ("expanding", "sending")


class Broadcast(Keyed, Base):
    """One text to many families. `audience` is an Audience as JSON; counts are computed from the rows.

    `state`: draft scheduled expanding sending paused done cancelled expired. `paused_from` is the state that
    resuming goes back to. `translations` are human ones by language tag. `about_on` fills {date}.
    Nothing leaves before `send_at`, before `undo_until`, or without the approval it needs.
    `resolved` is true once every recipient is a row. `one_per` says whether a telephone gets one text for all
    its children (household) or one for each (child). `override_reason` is why the approver of an urgent one
    lets it leave in the hours of rest. `saved_audience_id` is the saved audience it was written for.
    """

    __tablename__ = "broadcasts"
    __table_args__ = (Index("ix_broadcasts_state", "state", "send_at"),)

    author_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str]
    translations: Mapped[dict[str, Any]] = mapped_column(default=dict)
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
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    author: Mapped[StaffMember] = relationship(foreign_keys=[author_id])
    approver: Mapped[StaffMember | None] = relationship(foreign_keys=[approved_by])
    saved_audience: Mapped[SavedAudience | None] = relationship()


class BroadcastRecipient(Keyed, Base):
    """One line a broadcast is meant for, or somebody without one. A shared line has a row a language.

    `about_child` is the student a text of its own is about, 0 where one text is about all `children`.

    `state`: pending queued skipped. `reason` is a word of `bot.school.broadcasts.reasons` when skipped.
    `contact_id` is None, and `line` "guardian:<id>", where a guardian has no address that can be texted.
    `children` are the names the text is about.
    """

    __tablename__ = "broadcast_recipients"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "contact_id", "about_child"),
        Index("ix_broadcast_recipients_state", "broadcast_id", "state", "id"),
        Index("ix_broadcast_recipients_line", "broadcast_id", "line"),
    )

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


@dataclass(frozen=True, slots=True)
class Tally:
    """Recipients of a broadcast: still pending, skipped by reason, and the deliveries of the others by state."""

    pending: int
    skipped: Mapping[str, int]
    deliveries: Mapping[str, int]


def lock_broadcast(session: Session, broadcast_id: int) -> Broadcast | None:
    """The broadcast as it stands now, kept from every other writer until the transaction ends."""
    query = select(Broadcast).where(Broadcast.id == broadcast_id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def state_of(session: Session, broadcast_id: int) -> str | None:
    """The broadcast's state as committed now."""
    return session.scalar(select(Broadcast.state).where(Broadcast.id == broadcast_id))


def list_broadcasts(session: Session, limit: int) -> Sequence[Broadcast]:
    """The newest broadcasts with their authors, newest first."""
    query = select(Broadcast).options(joinedload(Broadcast.author)).order_by(Broadcast.id.desc())
    return session.scalars(query.limit(limit)).all()


def list_ready(session: Session, now: datetime) -> Sequence[int]:
    """Keys of broadcasts the clock has to look at: those whose time has come, and those at work."""
    begins = (
        (Broadcast.state == "scheduled")
        & (Broadcast.send_at <= now)
        & (Broadcast.undo_until <= now)
        & or_(Broadcast.needs_approval.is_(False), Broadcast.approved_at.is_not(None))
    )
    # One that is worth nothing any more ends, whether it was approved or not.
    stale = (Broadcast.state == "scheduled") & (Broadcast.expires_at <= now)
    query = select(Broadcast.id).where(or_(begins, stale, Broadcast.state.in_(AT_WORK)))
    return session.scalars(query.order_by(Broadcast.id)).all()


def lines_taken(session: Session, broadcast_id: int, lines: Collection[str]) -> frozenset[str]:
    """Those of the lines that have rows in the broadcast already."""
    query = select(BroadcastRecipient.line).where(
        BroadcastRecipient.broadcast_id == broadcast_id, BroadcastRecipient.line.in_(lines)
    )
    return frozenset(session.scalars(query))


def list_pending(session: Session, broadcast_id: int, limit: int) -> Sequence[BroadcastRecipient]:
    """The first recipients that wait to be queued."""
    query = (
        select(BroadcastRecipient)
        .where(BroadcastRecipient.broadcast_id == broadcast_id, BroadcastRecipient.state == "pending")
        .order_by(BroadcastRecipient.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def skip_pending(session: Session, broadcast_id: int, reason: str) -> int:
    """Skip everybody who still waits to be queued; how many."""
    query = (
        update(BroadcastRecipient)
        .where(BroadcastRecipient.broadcast_id == broadcast_id, BroadcastRecipient.state == "pending")
        .values(state="skipped", reason=reason)
        .returning(BroadcastRecipient.id)
    )
    return len(session.scalars(query).all())


def tally(session: Session, broadcast_id: int) -> Tally:
    """How the broadcast stands, counted from the rows. A later try of a text counts in place of the first."""
    rows = session.execute(
        select(BroadcastRecipient.state, BroadcastRecipient.reason, func.count())
        .where(BroadcastRecipient.broadcast_id == broadcast_id)
        .group_by(BroadcastRecipient.state, BroadcastRecipient.reason)
    ).all()
    found, outcome = _outcomes(broadcast_id)
    sent = session.execute(found.with_only_columns(outcome, func.count()).group_by(outcome)).all()
    return Tally(
        pending=sum(row[2] for row in rows if row[0] == "pending"),
        skipped={str(row[1]): row[2] for row in rows if row[0] == "skipped"},
        deliveries={row[0]: row[1] for row in sent},
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a broadcast for one recipient. `state` is the delivery's where there is one."""

    recipient: BroadcastRecipient
    state: str
    reason: str | None


def list_outcomes(
    session: Session, broadcast_id: int, *, after: int = 0, limit: int = 100
) -> Sequence[Outcome]:
    """One page of recipients in the order of their keys, from the one after `after`."""
    mine, (latest, first) = BroadcastRecipient, _tries(broadcast_id)
    query = (
        select(mine, first.state, first.reason, latest.state, latest.reason)
        .select_from(mine)
        .outerjoin(first, first.id == mine.delivery_id)
        .outerjoin(latest, latest.resend_of == first.id)
        .where(mine.broadcast_id == broadcast_id, mine.id > after)
        .order_by(mine.id)
        .limit(limit)
    )
    found = []
    for row, state, reason, later, later_reason in session.execute(query):
        if later is not None and state != "delivered":
            state, reason = later, later_reason
        found.append(Outcome(row, state or row.state, reason if state else row.reason))
    return found


def _tries(broadcast_id: int) -> tuple[Any, Any]:
    """The last later try of each text (a row a text at most), and the first try."""
    again = aliased(Delivery)
    last = (
        select(func.max(again.id))
        .where(again.broadcast_id == broadcast_id, again.resend_of.is_not(None))
        .group_by(again.resend_of)
    )
    latest = aliased(Delivery, select(Delivery).where(Delivery.id.in_(last)).subquery())
    return latest, aliased(Delivery)


def _outcomes(broadcast_id: int) -> tuple[Any, Any]:
    mine, (latest, first) = BroadcastRecipient, _tries(broadcast_id)
    query = (
        select(mine.id)
        .select_from(mine)
        .join(first, first.id == mine.delivery_id)
        .outerjoin(latest, latest.resend_of == first.id)
        .where(mine.broadcast_id == broadcast_id)
    )
    outcome = case((first.state == "delivered", first.state), else_=func.coalesce(latest.state, first.state))
    return query, outcome
