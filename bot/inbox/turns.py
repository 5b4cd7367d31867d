"""Turns are claimed under a lease, in order per line, and finished by whoever still holds the claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from bot.model.errors import Taken
from bot.storage.conversations import Turn

OPEN = ("waiting", "claimed")


def claim(session: Session, turn_id: int, *, owner: str, now: datetime, lease: timedelta) -> Turn | None:
    """Take the turn if it is free (or its lease ran out) and nothing earlier on its line is open; else None."""
    earlier = aliased(Turn)
    free = or_(Turn.status == "waiting", and_(Turn.status == "claimed", Turn.lease_until < now))
    first = ~exists().where(earlier.line == Turn.line, earlier.id < Turn.id, earlier.status.in_(OPEN))
    claimed = session.execute(
        update(Turn)
        .where(Turn.id == turn_id, free, first)
        .values(status="claimed", owner=owner, lease_until=now + lease, attempts=Turn.attempts + 1)
        .returning(Turn.id)
        .execution_options(synchronize_session=False)
    ).first()
    if claimed is None:
        return None
    return session.scalars(select(Turn).where(Turn.id == turn_id).options(joinedload(Turn.message))).one()


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
    kept = session.execute(
        update(Turn)
        .where(Turn.id == turn.id, Turn.owner == owner, Turn.status == "claimed")
        .values(
            status="failed" if error else "done",
            done_at=now,
            lease_until=None,
            understood=dict(understood) if understood is not None else None,
            error=error,
        )
        .returning(Turn.id)
        .execution_options(synchronize_session=False)
    ).first()
    if kept is None:
        raise Taken(f"turn {turn.id} is no longer held by {owner}")


def next_open(session: Session, line: str) -> int | None:
    """The earliest open turn of a line."""
    return session.scalar(
        select(Turn.id).where(Turn.line == line, Turn.status.in_(OPEN)).order_by(Turn.id).limit(1)
    )


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
