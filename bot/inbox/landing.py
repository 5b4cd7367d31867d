"""A message lands: stored with its turn in one short transaction, before anybody is told it arrived."""

from __future__ import annotations

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.model.messages import InboundMessage
from bot.model.ports import JobQueue
from bot.storage.conversations import Message, Turn

TAKE_TURN = "take_turn"


def line_of(channel: str, address: str) -> str:
    """What turns and texts are kept in order by."""
    return f"{channel}:{address}"


def land(session: Session, message: InboundMessage, queue: JobQueue) -> int | None:
    """Store the message and the turn to do. The turn's id, or None when this message came before.

    Repeats (the carrier's retries, fifty at once) meet the unique key and change nothing.
    """
    upsert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = upsert(Message).values(
        channel=message.channel,
        provider_id=message.provider_id,
        sender=message.sender,
        recipient=message.recipient,
        body=message.body,
        media=[{"url": m.url, "content_type": m.content_type} for m in message.media],
        opt_out_type=message.opt_out_type,
        received_at=message.received_at,
    )
    message_id = session.scalar(
        row.on_conflict_do_nothing(index_elements=["channel", "provider_id"]).returning(Message.id)
    )
    if message_id is None:
        return None
    line = line_of(message.channel, message.sender)
    turn_id = session.scalars(
        insert(Turn)
        .values(
            message_id=message_id, line=line, created_at=message.received_at, status="waiting", attempts=0
        )
        .returning(Turn.id)
    ).one()
    queue.enqueue(session, TAKE_TURN, turn_id, key=line)
    return turn_id
