"""Who may send what now: claims by conditional update, in order per line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.storage.deliveries import Delivery

WAITING = ("held", "queued")
URGENT = ("crisis", "alert")
"""Kinds that never queue up behind ordinary texts to the same person."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Who takes a row, when, and until when nobody else may."""

    owner: str
    now: datetime
    until: datetime


def claim_waiting(session: Session, delivery_id: int, lease: Lease) -> Delivery | None:
    """Take a row that waits, is due, and has no open earlier one before it on its line; else None."""
    return _claim(session, delivery_id, lease, _sendable(lease.now))


def claim_unclear(session: Session, delivery_id: int, lease: Lease) -> Delivery | None:
    """Take a row whose sender died or whose outcome was unclear, once its lease has run out; else None."""
    return _claim(session, delivery_id, lease, _unclear(lease.now))


def list_claimable(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Ids of rows that could be claimed now: the most important first, then the oldest."""
    query = select(Delivery.id).where(or_(_sendable(now), _unclear(now)))
    return session.scalars(query.order_by(Delivery.priority.desc(), Delivery.id).limit(limit)).all()


def next_on_line(session: Session, channel: str, recipient: str, now: datetime) -> int | None:
    """The next row to the same recipient that could be claimed now."""
    query = select(Delivery.id).where(
        Delivery.channel == channel, Delivery.recipient == recipient, _sendable(now)
    )
    return session.scalar(query.order_by(Delivery.id).limit(1))


def release_leases(session: Session, *, except_owner: str, until: datetime) -> int:
    """End the leases of every other owner; their rows may be looked into from `until` on. How many there were."""
    released = session.execute(
        update(Delivery)
        .where(Delivery.state == "sending", Delivery.owner.is_not(None), Delivery.owner != except_owner)
        .values(owner=None, lease_until=until)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return len(released.all())


def _claim(session: Session, delivery_id: int, lease: Lease, free: ColumnElement[bool]) -> Delivery | None:
    return session.scalars(
        update(Delivery)
        .where(Delivery.id == delivery_id, free)
        .values(state="sending", owner=lease.owner, lease_until=lease.until)
        .returning(Delivery)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()


def _sendable(now: datetime) -> ColumnElement[bool]:
    """Waits, is due, and nothing before it on its line is still under way.

    An earlier row counts when it is due, or when it was tried and is tried again in a moment. One that
    is held until morning or planned for later does not. Urgent kinds only wait for urgent ones.
    """
    earlier = aliased(Delivery)
    under_way = and_(
        earlier.state.in_(("held", "queued", "sending")),
        or_(earlier.due_at <= now, and_(earlier.state != "held", earlier.attempts > 0)),
    )
    in_the_way = exists().where(
        earlier.channel == Delivery.channel,
        earlier.recipient == Delivery.recipient,
        earlier.id < Delivery.id,
        under_way,
        or_(Delivery.kind.not_in(URGENT), earlier.kind.in_(URGENT)),
    )
    return and_(Delivery.state.in_(WAITING), Delivery.due_at <= now, ~in_the_way)


def _unclear(now: datetime) -> ColumnElement[bool]:
    return and_(Delivery.state == "sending", Delivery.lease_until <= now)
