"""What happened on a few lines at once, and a mark that changes whenever something did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.storage.conversations import Message, Turn
from bot.storage.deliveries import Delivery, StatusEvent
from bot.storage.reminders import Reminder


@dataclass(frozen=True, slots=True)
class LineThreads:
    """What came from and what goes to some addresses, oldest first."""

    heard: Sequence[tuple[Message, Turn | None]]
    said: Sequence[Delivery]


def read_lines(session: Session, channel: str, addresses: Sequence[str], limit: int) -> LineThreads:
    """The last `limit` messages and deliveries over all these addresses."""
    heard = (
        select(Message, Turn)
        .outerjoin(Turn, Turn.message_id == Message.id)
        .where(Message.channel == channel, Message.sender.in_(addresses))
        .order_by(Message.id.desc())
        .limit(limit)
    )
    said = (
        select(Delivery)
        .where(Delivery.channel == channel, Delivery.recipient.in_(addresses))
        .order_by(Delivery.id.desc())
        .limit(limit)
    )
    return LineThreads(
        heard=[(row[0], row[1]) for row in reversed(session.execute(heard).all())],
        said=list(reversed(session.scalars(said).all())),
    )


def activity_mark(session: Session) -> str:
    """Changes when a message lands, a turn ends, a delivery moves on or a reminder is due at another time."""
    waiting = Reminder.status == "waiting"
    facts = (
        select(func.max(Message.id)),
        select(func.count(Turn.id)).where(Turn.status.in_(("waiting", "claimed"))),
        select(func.max(Turn.done_at)),
        select(func.max(Delivery.id)),
        select(func.count(Delivery.id)).where(Delivery.state == "sending"),
        select(func.max(Delivery.sent_at)),
        select(func.max(Delivery.finished_at)),
        select(func.max(StatusEvent.id)),
        select(func.count(Reminder.id)).where(waiting),
        select(func.min(Reminder.due_at)).where(waiting),
    )
    row = session.execute(select(*(fact.scalar_subquery() for fact in facts))).one()
    return "|".join("" if value is None else str(value) for value in row)
