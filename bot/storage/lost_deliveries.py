"""Texts that ended without arriving, for those who look after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from bot.storage.deliveries import Delivery

LOST = ("failed", "undelivered", "unresolved")
"""States in which a text ended that should have arrived. The others are somebody's will, or too late."""


@dataclass(frozen=True, slots=True)
class LostQuery:
    """Which are wanted: of these states, since then, perhaps of one broadcast; not those tried again since."""

    since: datetime
    states: Sequence[str] = LOST
    broadcast_id: int | None = None
    limit: int = 50


def list_lost(session: Session, wanted: LostQuery) -> Sequence[Delivery]:
    """The newest first. One with a later try is left out: what became of the text stands at that one."""
    later = aliased(Delivery)
    query = select(Delivery).where(
        Delivery.state.in_(wanted.states),
        Delivery.created_at >= wanted.since,
        ~exists().where(later.resend_of == Delivery.id),
        # A later try of the same text counts in place of an earlier one.
        ~exists().where(later.resend_of == Delivery.resend_of, later.id > Delivery.id),
    )
    if wanted.broadcast_id is not None:
        query = query.where(Delivery.broadcast_id == wanted.broadcast_id)
    return session.scalars(query.order_by(Delivery.id.desc()).limit(wanted.limit)).all()


def last_try(session: Session, first_id: int) -> int | None:
    """The key of the last try of a text after its first one; None when there was no other."""
    return session.scalar(select(func.max(Delivery.id)).where(Delivery.resend_of == first_id))
