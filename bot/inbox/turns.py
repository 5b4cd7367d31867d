"""Turns are claimed under a lease, in order per line, and finished by whoever still holds the claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, exists, literal_column, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from bot.model.errors import Taken
from bot.storage.conversations import Turn

OPEN = ("waiting", "claimed")

# The statements of every turn are built once: SQLAlchemy takes longer to build one of these than SQLite to run it.
_EARLIER = aliased(Turn)
# The words themselves, as in the partial index: with bound values SQLite would not use it.
_OPEN_WORDS: list[ColumnElement[str]] = [literal_column(f"'{status}'") for status in OPEN]
_TURNS = cast(Table, Turn.__table__)  # not the mapped class: to the mapper such an update is twice the work
_FREE = or_(Turn.status == "waiting", and_(Turn.status == "claimed", Turn.lease_until < bindparam("now")))
_FIRST = ~exists().where(_EARLIER.line == Turn.line, _EARLIER.id < Turn.id, _EARLIER.status.in_(_OPEN_WORDS))
_CLAIM = (
    update(_TURNS)
    .where(Turn.id == bindparam("turn_id"), _FREE, _FIRST)
    .values(
        status="claimed",
        owner=bindparam("new_owner"),
        lease_until=bindparam("until"),
        attempts=Turn.attempts + 1,
    )
    .returning(Turn.id)
)
_READ = select(Turn).where(Turn.id == bindparam("turn_id")).options(joinedload(Turn.message))
_FINISH = (
    update(_TURNS)
    .where(Turn.id == bindparam("turn_id"), Turn.owner == bindparam("holder"), Turn.status == "claimed")
    .values(
        status=bindparam("outcome"),
        done_at=bindparam("now"),
        lease_until=None,
        understood=bindparam("meaning"),
        error=bindparam("fault"),
    )
    .returning(Turn.id)
)
_NEXT_OPEN = (
    select(Turn.id)
    .where(Turn.line == bindparam("of_line"), Turn.status.in_(_OPEN_WORDS))
    .order_by(Turn.id)
    .limit(1)
)


def claim(session: Session, turn_id: int, *, owner: str, now: datetime, lease: timedelta) -> Turn | None:
    """Take the turn if it is free (or its lease ran out) and nothing earlier on its line is open; else None."""
    wanted = {"turn_id": turn_id, "now": now, "new_owner": owner, "until": now + lease}
    if session.connection().execute(_CLAIM, wanted).first() is None:
        return None
    return session.scalars(_READ, {"turn_id": turn_id}).one()


def finish(
    session: Session,
    turn: Turn,
    *,
    owner: str,
    now: datetime,
    understood: Mapping[str, Any] | None,
    error: str | None = None,
) -> None:
    """Mark the turn done (failed when `error` is given). Taken when the lease has passed to somebody else:
    then the whole transaction must be rolled back, because the other one does the work."""
    result = {
        "turn_id": turn.id,
        "holder": owner,
        "outcome": "failed" if error else "done",
        "now": now,
        "meaning": dict(understood) if understood is not None else None,
        "fault": error,
    }
    if session.connection().execute(_FINISH, result).first() is None:
        raise Taken(f"turn {turn.id} is no longer held by {owner}")


def release(session: Session, turn: Turn, *, owner: str, until: datetime) -> None:
    """Give a turn back that could not be done: it may be taken again from `until` on."""
    session.execute(
        update(Turn)
        .where(Turn.id == turn.id, Turn.owner == owner, Turn.status == "claimed")
        .values(owner=None, lease_until=until)
        .execution_options(synchronize_session=False)
    )


def next_open(session: Session, line: str) -> int | None:
    """The earliest open turn of a line."""
    found: int | None = session.connection().execute(_NEXT_OPEN, {"of_line": line}).scalar()
    return found


def left_behind(session: Session, *, now: datetime, older_than: timedelta, limit: int = 200) -> Sequence[int]:
    """Turns that nobody works on: waiting for longer than `older_than`, or under a lease that ran out."""
    waiting = and_(Turn.status == "waiting", Turn.created_at < now - older_than)
    dead = and_(Turn.status == "claimed", Turn.lease_until < now)
    return session.scalars(select(Turn.id).where(or_(waiting, dead)).order_by(Turn.id).limit(limit)).all()


def release_all(session: Session) -> int:
    """Free every claimed turn. Only for the one process of an embedded database, at its start: whoever
    held them is dead."""
    freed = session.execute(
        update(Turn).where(Turn.status == "claimed").values(status="waiting", owner=None, lease_until=None)
        .returning(Turn.id)
    )  # fmt: skip
    return len(freed.all())


def release_of(session: Session, owners: Sequence[str]) -> int:
    """Free the turns of processes that are dead. One that lives after all finds its turn taken when it ends it."""
    freed = session.execute(
        update(Turn).where(Turn.status == "claimed", Turn.owner.in_(owners))
        .values(status="waiting", owner=None, lease_until=None).returning(Turn.id)
    )  # fmt: skip
    return len(freed.all())
