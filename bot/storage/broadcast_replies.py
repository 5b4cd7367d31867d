"""What families write after a broadcast: which one they answer, and the cases that came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from bot.storage.broadcasts import Broadcast
from bot.storage.case_list import Viewer, within_sight
from bot.storage.cases import Case
from bot.storage.conversations import Message
from bot.storage.deliveries import Delivery

ANSWERS_WITHIN = timedelta(hours=48)
"""How long after a broadcast reached a line a text from there is taken for an answer to it."""

_HELD_AT_MOST = timedelta(days=2)
_LEFT = ("sending", "sent", "delivered")


@dataclass(frozen=True, slots=True)
class Replies:
    """Texts that came from the lines of a broadcast while they count as answers, and cases by their state."""

    texts: int
    lines: int
    cases: Mapping[str, int]


def answered_broadcast(session: Session, channel: str, address: str, now: datetime) -> Broadcast | None:
    """The latest broadcast that reached a line not too long ago for a text from there to answer it."""
    query = (
        select(Broadcast)
        .join(Delivery, Delivery.broadcast_id == Broadcast.id)
        .where(Delivery.channel == channel, Delivery.recipient == address)
        .where(Delivery.created_at > now - ANSWERS_WITHIN - _HELD_AT_MOST, Delivery.state.in_(_LEFT))
        .where(Delivery.first_attempt_at > now - ANSWERS_WITHIN)
        .options(joinedload(Broadcast.author))
        .order_by(Delivery.first_attempt_at.desc(), Delivery.id.desc())
    )
    return session.scalars(query.limit(1)).first()


def count_replies(session: Session, broadcast_id: int) -> Replies:
    """How much came back."""
    after = and_(
        Message.channel == Delivery.channel,
        Message.sender == Delivery.recipient,
        Message.received_at > Delivery.first_attempt_at,
    )
    begun = session.get_one(Broadcast, broadcast_id).send_at
    if begun is None:
        return Replies(0, 0, {})
    last = begun + ANSWERS_WITHIN + 2 * _HELD_AT_MOST
    rows = session.execute(
        select(Message.id, Message.sender, Message.received_at, Delivery.first_attempt_at)
        .join(Delivery, after)
        .where(Delivery.broadcast_id == broadcast_id, Delivery.state.in_(_LEFT), Message.received_at < last)
    ).all()
    found = {row[0]: row[1] for row in rows if row[3] is not None and row[2] - row[3] <= ANSWERS_WITHIN}
    query = select(Case.status, func.count()).where(Case.broadcast_id == broadcast_id).group_by(Case.status)
    cases = {row[0]: row[1] for row in session.execute(query)}
    return Replies(len(found), len(set(found.values())), cases)


def list_cases_of(session: Session, broadcast_id: int, viewer: Viewer, limit: int) -> Sequence[Case]:
    """The latest cases of a broadcast that somebody may see, with their people, latest first."""
    query = select(Case).where(Case.broadcast_id == broadcast_id, within_sight(viewer))
    query = query.order_by(Case.id.desc()).limit(limit)
    people = (joinedload(Case.owner), joinedload(Case.guardian), joinedload(Case.student))
    return session.scalars(query.options(*people)).all()
