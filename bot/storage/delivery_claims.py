"""Who may send what now: claims by conditional update, in order per line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import ReturningUpdate

from bot.storage.base import UtcDateTime
from bot.storage.deliveries import ORDINARY, Delivery
from bot.storage.delivery_rows import COLUMNS, DELIVERIES, DeliveryRow, rows_of

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


def claim_waiting(session: Session, delivery_id: int, lease: Lease) -> DeliveryRow | None:
    """Take a row that waits, is due, and has no open earlier one before it on its line; else None."""
    return next(iter(taken(session, _CLAIM_WAITING, {"row": delivery_id, **leased(lease)})), None)


def claim_unclear(session: Session, delivery_id: int, lease: Lease) -> DeliveryRow | None:
    """Take a row whose sender died or whose outcome was unclear, once its lease has run out; else None."""
    return next(iter(taken(session, _CLAIM_UNCLEAR, {"row": delivery_id, **leased(lease)})), None)


def list_claimable(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Ids of rows that could be claimed now one by one: the most important first, then the oldest.

    Those of broadcasts, which never stand in the way of the others, are claimed many at a time.
    """
    waiting = session.scalars(_CLAIMABLE.limit(limit), {"now": now}).all()
    unclear = session.scalars(_UNCLEAR.limit(limit - len(waiting)), {"now": now}).all()
    return [*waiting, *unclear]


def next_on_line(session: Session, channel: str, recipient: str, now: datetime) -> int | None:
    """The next row to the same recipient that could be claimed now."""
    line = {"line_channel": channel, "line_recipient": recipient, "now": now}
    found: int | None = session.connection().execute(_NEXT_ON_LINE, line).scalar()
    return found


def release_leases(session: Session, *, except_owner: str, until: datetime) -> int:
    """End the leases of every other owner; their rows may be looked into from `until` on. How many there were."""
    released = session.execute(
        update(Delivery)
        .where(_IS_SENDING, Delivery.owner.is_not(None), Delivery.owner != except_owner)
        .values(owner=None, lease_until=until)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return len(released.all())


def oldest_due(now: datetime) -> Select[Any]:
    """Since when the longest waiting text has been due. A large broadcast takes its time: that is no fault."""
    return _OLDEST_DUE.params(now=now)


@dataclass(frozen=True, slots=True)
class Standing:
    """What tells how a delivery stands towards others."""

    id: int
    channel: str
    kind: str
    priority: int
    state: str


def list_standing(session: Session, ids: Sequence[int]) -> Sequence[Standing]:
    """These deliveries, in this order."""
    query = select(Delivery.id, Delivery.channel, Delivery.kind, Delivery.priority, Delivery.state)
    found = {row[0]: Standing(*row) for row in session.execute(query.where(Delivery.id.in_(ids)))}
    return [found[delivery_id] for delivery_id in ids if delivery_id in found]


def leased(lease: Lease) -> dict[str, object]:
    """What the statements of a claim are given."""
    return {"new_owner": lease.owner, "new_until": lease.until, "now": lease.now}


def sendable(now: BindParameter[datetime]) -> ColumnElement[bool]:
    """Waits, is due, and nothing before it on its line is still under way.

    An earlier row counts when it is due, or when it was tried and is tried again in a moment, or has a slot. One that
    is held until morning or planned for later does not. Urgent kinds only wait for urgent ones, and nothing
    waits for a broadcast's text but others of its kind: a reply passes it.
    """
    earlier = aliased(Delivery)
    under_way = and_(
        earlier.state.in_(words(OPEN)),
        or_(
            earlier.due_at <= now,
            and_(earlier.state != "held", or_(earlier.attempts > 0, earlier.slot_at.is_not(None))),
        ),
    )
    in_the_way = select(earlier.id).where(
        earlier.channel == Delivery.channel,
        earlier.recipient == Delivery.recipient,
        earlier.id < Delivery.id,
        under_way,
        or_(Delivery.kind.not_in(words(URGENT)), earlier.kind.in_(words(URGENT))),
        or_(earlier.priority >= 0, earlier.priority >= Delivery.priority),
    )
    # A look into the index for each row. Of an EXISTS PostgreSQL made a join of all open rows with all open rows
    # as long as its statistics said that there were none: a claim took minutes just after a broadcast was queued.
    free = in_the_way.limit(1).scalar_subquery().is_(None)
    return and_(Delivery.state.in_(words(WAITING)), Delivery.due_at <= now, free)


def unclear(now: BindParameter[datetime]) -> ColumnElement[bool]:
    """Was being sent by somebody whose lease has run out."""
    return and_(_IS_SENDING, Delivery.lease_until <= now)


def words(known: tuple[str, ...]) -> list[ColumnElement[str]]:
    """States or kinds that stand in the statement itself: SQLite uses its partial indexes only then, and a list
    of bound values is written into the statement anew each time."""
    return [literal_column(f"'{word}'") for word in known]


def take(which: ColumnElement[bool]) -> ReturningUpdate[Any]:
    """The statement that takes rows under a lease and gives them back, for `taken`."""
    return (
        update(DELIVERIES)
        .where(which)
        .values(
            state="sending",
            owner=bindparam("new_owner"),
            lease_until=bindparam("new_until", type_=UtcDateTime()),
        )
        .returning(*COLUMNS)
    )


def taken(
    session: Session, statement: ReturningUpdate[Any], given: Mapping[str, object]
) -> list[DeliveryRow]:
    """What such a statement takes."""
    return rows_of(session.connection().execute(statement, given))


def _could_go(free: ColumnElement[bool]) -> Select[Any]:
    return select(Delivery.id).where(ORDINARY, free).order_by(Delivery.priority.desc(), Delivery.id)


# Every send asks these: built once, because putting such a statement together costs more than running it.
NOW: BindParameter[datetime] = bindparam("now", type_=UtcDateTime())
_IS_SENDING = Delivery.state == literal_column("'sending'")
_CLAIM_WAITING = take(and_(Delivery.id == bindparam("row"), sendable(NOW)))
_CLAIM_UNCLEAR = take(and_(Delivery.id == bindparam("row"), unclear(NOW)))
_CLAIMABLE = _could_go(sendable(NOW))
_UNCLEAR = _could_go(unclear(NOW))
_OLDEST_DUE = select(func.min(Delivery.due_at)).where(
    Delivery.state.in_(words(WAITING)), ORDINARY, Delivery.due_at <= NOW
)
_NEXT_ON_LINE = (
    select(Delivery.id)
    .where(
        Delivery.channel == bindparam("line_channel"),
        Delivery.recipient == bindparam("line_recipient"),
        Delivery.state.in_(words(OPEN)),
        sendable(NOW),
    )
    .order_by(Delivery.id)
    .limit(1)
)
