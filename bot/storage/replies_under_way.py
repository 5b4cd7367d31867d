"""Whether families wait for an answer at this moment, in whatever process it is made."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from bot.storage.base import UtcDateTime
from bot.storage.conversations import Turn
from bot.storage.deliveries import ORDINARY, Delivery
from bot.storage.delivery_claims import NOW, WAITING, words

LATELY = timedelta(seconds=10)
"""What has waited for longer waits for something else: a dead process's lease, the carrier, a number's next slot."""


def is_reply_under_way(session: Session, now: datetime) -> bool:
    """Whether a text is being answered, or an answer waits to be sent, since a moment ago. Two looks into indexes."""
    return session.scalar(_UNDER_WAY, {"now": now, "lately": now - LATELY}) is not None


_LATELY = bindparam("lately", type_=UtcDateTime())
_TURN = select(Turn.id).where(Turn.status.in_(words(("waiting", "claimed"))), Turn.created_at > _LATELY)
_REPLY = select(Delivery.id).where(
    Delivery.state.in_(words(WAITING)), ORDINARY, Delivery.due_at <= NOW, Delivery.due_at > _LATELY
)
_UNDER_WAY = select(1).where(or_(_TURN.exists(), _REPLY.exists()))
