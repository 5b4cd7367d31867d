"""Texts of broadcasts, many at a time: claimed by one statement, their results stored by one.

The rules are those of a single claim (order per line, leases, replies pass); only the number of rows differs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, select, update
from sqlalchemy.orm import Session

from bot.storage.base import UtcDateTime
from bot.storage.deliveries import BULK, Delivery
from bot.storage.delivery_claims import NOW, WAITING, Lease, leased, sendable, take, taken, unclear, words
from bot.storage.delivery_rows import DELIVERIES, DeliveryRow


@dataclass(frozen=True, slots=True)
class Taken:
    """The carrier took a text: the row as it was claimed, and the carrier's id."""

    delivery_id: int
    attempts: int
    channel: str
    provider_id: str


def claim_bulk(session: Session, lease: Lease, limit: int) -> Sequence[DeliveryRow]:
    """Take up to so many texts of broadcasts that may go now: the most urgent first, then the longest due.

    At most one a line, because the next one to the same line waits for the first. What another lane is
    taking at this moment is passed over.
    """
    found: list[DeliveryRow] = []
    with _along_the_index(session):
        for priority in _priorities(session) if limit else ():
            if len(found) < limit:
                given = {"at_priority": priority, "most": limit - len(found), **leased(lease)}
                found += sorted(taken(session, _CLAIM, given), key=lambda row: (row.due_at, row.id))
    return found


def is_bulk_due(session: Session, now: datetime) -> bool:
    """Whether any text of a broadcast has come due. Cheap, however many there are."""
    return any(
        session.scalar(_DUE, {"at_priority": priority, "now": now}) is not None
        for priority in _priorities(session)
    )


def list_unclear_bulk(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Ids of texts of broadcasts whose sender died or whose outcome is unclear, their lease run out."""
    return session.scalars(_UNCLEAR.limit(limit), {"now": now}).all()


def store_taken(session: Session, owner: str, sent: Collection[Taken], now: datetime) -> bool:
    """Note that the carrier took these texts, where the row still stands as `owner` claimed it. True for all.

    Rows whose lease passed on, or which a report of the carrier has moved already, are left as they are.
    """
    rows: list[Mapping[str, Any]] = [
        {"row": one.delivery_id, "tries": one.attempts, "carriers_id": one.provider_id, "held_by": owner, "now": now}
        for one in sorted(sent, key=lambda one: one.delivery_id)
    ]  # fmt: skip
    return bool(session.connection().execute(_STORE, rows).rowcount == len(rows))


def list_overtaken(session: Session, sent: Collection[Taken]) -> frozenset[int]:
    """Those of these texts that were on their way under the carrier's id before we stored it."""
    known = {one.delivery_id: one.provider_id for one in sent}
    query = select(Delivery.id, Delivery.provider_id).where(
        Delivery.id.in_(known), Delivery.state.not_in(("sending", "unresolved"))
    )
    return frozenset(row[0] for row in session.execute(query) if row[1] == known[row[0]])


@contextmanager
def _along_the_index(session: Session) -> Iterator[None]:
    """Keep PostgreSQL from sorting, so that it reads what waits in the order of the index and stops at the limit.

    While its statistics say that nothing waits, as just after a broadcast was queued, it would rather look at
    everything that waits and sort it, for every claim.
    """
    if session.get_bind().dialect.name != "postgresql":
        yield
        return
    connection = session.connection()
    connection.exec_driver_sql("SET LOCAL enable_sort = off")
    yield
    connection.exec_driver_sql("SET LOCAL enable_sort = on")


def _priorities(session: Session) -> Sequence[int]:
    """The priorities at which texts of broadcasts wait, the highest first: one look into the index for each."""
    found: list[int] = []
    below = 0
    while (priority := session.scalar(_NEXT_PRIORITY, {"below": below})) is not None:
        found.append(priority)
        below = priority
    return found


# Built once: putting such a statement together costs more than running it.
_WAITS = and_(Delivery.state.in_(words(WAITING)), BULK)
_AT = and_(_WAITS, Delivery.priority == bindparam("at_priority"))
_NEXT_PRIORITY = (
    select(Delivery.priority)
    .where(Delivery.priority < bindparam("below"), _WAITS)
    .order_by(Delivery.priority.desc())
    .limit(1)
)
_DUE = select(Delivery.id).where(_AT, Delivery.due_at <= NOW).limit(1)
_UNCLEAR = select(Delivery.id).where(BULK, unclear(NOW)).order_by(Delivery.lease_until)
_PICKED = (
    select(Delivery.id)
    .where(_AT, sendable(NOW))
    .order_by(Delivery.due_at, Delivery.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("picked")
)
_CLAIM = take(Delivery.id.in_(select(_PICKED.c.id)))
_STORE = (
    update(DELIVERIES)
    .where(
        Delivery.id == bindparam("row"),
        Delivery.state == "sending",
        Delivery.owner == bindparam("held_by"),
        Delivery.attempts == bindparam("tries"),
    )
    .values(
        state="sent",
        provider_id=func.coalesce(Delivery.provider_id, bindparam("carriers_id")),
        sent_at=func.coalesce(Delivery.sent_at, bindparam("now", type_=UtcDateTime())),
        owner=None,
        lease_until=None,
        error_code=None,
        reason=None,
        finished_at=None,
    )
)
