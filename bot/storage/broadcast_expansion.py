"""A broadcast's recipients by the thousand: made, taken up, settled, with one statement a chunk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import JSON, TEXT, Row, Subquery, bindparam, func, insert, select, union_all, update
from sqlalchemy.orm import Session

from bot.storage.base import BigKey
from bot.storage.broadcasts import BroadcastRecipient
from bot.storage.deliveries import Delivery
from bot.storage.given import given, pack


class NewRecipient(NamedTuple):
    """A row to be made. What its columns mean stands at BroadcastRecipient; `dedupe_key` is the cause of its delivery."""

    contact_id: int | None
    guardian_id: int
    line: str
    language: str
    about_child: int
    children: Sequence[str]
    state: str
    reason: str | None
    dedupe_key: str | None = None


class Settled(NamedTuple):
    """What became of a recipient who waited: queued with the delivery of that cause, or skipped for a reason.

    `children` None leaves the names as they are.
    """

    id: int
    state: str
    reason: str | None = None
    children: Sequence[str] | None = None
    dedupe_key: str | None = None


def add_recipients(
    session: Session, broadcast_id: int, rows: Iterable[NewRecipient], *, first: bool = False
) -> None:
    """Store those of the rows whose line has none in the broadcast yet; all, where these are the `first` of
    their lines for certain, which saves the look."""
    values = {"rows": pack(rows), "broadcast": broadcast_id}
    session.connection().execute(_ADD if first else _ADD_MISSING, values)


def last_recipient(session: Session, broadcast_id: int) -> int:
    """The key of the row that was made last, 0 when there is none."""
    found = session.connection().execute(_LAST, {"broadcast": broadcast_id}).scalars()
    return max((key for key in found if key is not None), default=0)


def list_waiting(session: Session, broadcast_id: int, limit: int) -> Sequence[Row[int, int | None, int, str]]:
    """The first recipients that wait to be queued: (id, contact_id, about_child, line) of each."""
    return session.connection().execute(_WAITING.limit(limit), {"broadcast": broadcast_id}).all()


def settle_recipients(session: Session, rows: Iterable[Settled]) -> None:
    """Store what became of these recipients."""
    session.connection().execute(_SETTLE, {"rows": pack(rows)})


def _add(*, missing: bool) -> Any:
    new = given("rows", contact_id=BigKey, guardian_id=BigKey, line=TEXT, language=TEXT, about_child=BigKey, children=JSON,
                state=TEXT, reason=TEXT, dedupe_key=TEXT)  # fmt: skip
    mine, broadcast = BroadcastRecipient, bindparam("broadcast", type_=BigKey)
    own = [column for column in new.c if column.name != "dedupe_key"]
    rows = select(broadcast, _delivery_of(new), *own)
    if missing:
        # Read whole and once. As a look for each row PostgreSQL took any index that begins with a broadcast it
        # has no statistics of, and read all its rows for each: 2 s a chunk in a table of 80,000.
        rows = rows.where(new.c.line.not_in(select(mine.line).where(mine.broadcast_id == broadcast)))
    return insert(mine).from_select(["broadcast_id", "delivery_id", *(column.name for column in own)], rows)


def _settle() -> Any:
    done = given("rows", id=BigKey, state=TEXT, reason=TEXT, children=JSON, dedupe_key=TEXT)
    mine = BroadcastRecipient
    return (
        update(mine)
        .where(mine.id == done.c.id)
        .values(
            state=done.c.state,
            reason=done.c.reason,
            children=func.coalesce(done.c.children, mine.children),
            delivery_id=_delivery_of(done),
        )
    )


def _delivery_of(rows: Subquery) -> Any:
    """The delivery that has the cause of a row given."""
    return select(Delivery.id).where(Delivery.dedupe_key == rows.c.dedupe_key).scalar_subquery()


def _newest(state: str) -> Any:
    mine = BroadcastRecipient
    theirs = (mine.broadcast_id == bindparam("broadcast"), mine.state == state)
    return select(select(mine.id).where(*theirs).order_by(mine.id.desc()).limit(1).scalar_subquery())


_ADD, _ADD_MISSING, _SETTLE = _add(missing=False), _add(missing=True), _settle()
_LAST = union_all(*(_newest(state) for state in ("pending", "queued", "skipped")))
_WAITING = (
    select(
        BroadcastRecipient.id,
        BroadcastRecipient.contact_id,
        BroadcastRecipient.about_child,
        BroadcastRecipient.line,
    )
    .where(BroadcastRecipient.broadcast_id == bindparam("broadcast"), BroadcastRecipient.state == "pending")
    .order_by(BroadcastRecipient.id)
)
