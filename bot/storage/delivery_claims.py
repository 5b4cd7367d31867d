"""Who may send what now: claims by conditional update, in order per line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    exists,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import ReturningUpdate

from bot.storage.base import UtcDateTime
from bot.storage.deliveries import Delivery

WAITING = ("held", "queued")
OPEN = ("held", "queued", "sending")
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
    return session.scalars(_CLAIM_WAITING, _given(delivery_id, lease)).one_or_none()


def claim_unclear(session: Session, delivery_id: int, lease: Lease) -> Delivery | None:
    """Take a row whose sender died or whose outcome was unclear, once its lease has run out; else None."""
    return session.scalars(_CLAIM_UNCLEAR, _given(delivery_id, lease)).one_or_none()


def list_claimable(session: Session, now: datetime, limit: int, *, bulk: bool = False) -> Sequence[int]:
    """Ids of rows that could be claimed now: the most important first, then the oldest.

    `bulk` gives those of broadcasts, which never stand in the way of the others (priority below 0).
    """
    query = _CLAIMABLE_BULK if bulk else _CLAIMABLE
    return session.scalars(query.limit(limit), {"now": now}).all()


def next_on_line(session: Session, channel: str, recipient: str, now: datetime) -> int | None:
    """The next row to the same recipient that could be claimed now."""
    return session.scalar(_NEXT_ON_LINE, {"line_channel": channel, "line_recipient": recipient, "now": now})


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


def _given(delivery_id: int, lease: Lease) -> dict[str, object]:
    return {"row": delivery_id, "new_owner": lease.owner, "new_until": lease.until, "now": lease.now}


def _sendable(now: BindParameter[datetime]) -> ColumnElement[bool]:
    """Waits, is due, and nothing before it on its line is still under way.

    An earlier row counts when it is due, or when it was tried and is tried again in a moment, or has a slot. One that
    is held until morning or planned for later does not. Urgent kinds only wait for urgent ones, and nothing
    waits for a broadcast's text but others of its kind: a reply passes it.
    """
    earlier = aliased(Delivery)
    under_way = and_(
        earlier.state.in_(_words(OPEN)),
        or_(
            earlier.due_at <= now,
            and_(earlier.state != "held", or_(earlier.attempts > 0, earlier.slot_at.is_not(None))),
        ),
    )
    in_the_way = exists().where(
        earlier.channel == Delivery.channel,
        earlier.recipient == Delivery.recipient,
        earlier.id < Delivery.id,
        under_way,
        or_(Delivery.kind.not_in(URGENT), earlier.kind.in_(URGENT)),
        or_(earlier.priority >= 0, earlier.priority >= Delivery.priority),
    )
    return and_(Delivery.state.in_(_words(WAITING)), Delivery.due_at <= now, ~in_the_way)


def _words(states: tuple[str, ...]) -> list[ColumnElement[str]]:
    """States that stand in the statement itself: SQLite uses its partial indexes only then."""
    return [literal_column(f"'{state}'") for state in states]


def _unclear(now: BindParameter[datetime]) -> ColumnElement[bool]:
    return and_(Delivery.state == "sending", Delivery.lease_until <= now)


def _claim(free: ColumnElement[bool]) -> ReturningUpdate[Delivery]:
    return (
        update(Delivery)
        .where(Delivery.id == bindparam("row"), free)
        .values(
            state="sending",
            owner=bindparam("new_owner"),
            lease_until=bindparam("new_until", type_=UtcDateTime()),
        )
        .returning(Delivery)
        .execution_options(synchronize_session=False, populate_existing=True)
    )


# Every send asks these: built once, because putting such a statement together costs more than running it.
_NOW: BindParameter[datetime] = bindparam("now", type_=UtcDateTime())
_CLAIM_WAITING = _claim(_sendable(_NOW))
_CLAIM_UNCLEAR = _claim(_unclear(_NOW))
_COULD_GO = select(Delivery.id).where(or_(_sendable(_NOW), _unclear(_NOW)))
_CLAIMABLE = _COULD_GO.where(Delivery.priority >= 0).order_by(Delivery.priority.desc(), Delivery.id)
_CLAIMABLE_BULK = _COULD_GO.where(Delivery.priority < 0).order_by(Delivery.priority.desc(), Delivery.id)
_NEXT_ON_LINE = (
    select(Delivery.id)
    .where(
        Delivery.channel == bindparam("line_channel"),
        Delivery.recipient == bindparam("line_recipient"),
        _sendable(_NOW),
    )
    .order_by(Delivery.id)
    .limit(1)
)
