"""A message lands: stored with its turn in one short transaction, before anybody is told it arrived."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from bot.model.messages import InboundMessage
from bot.model.ports import JobQueue
from bot.storage.conversations import Message, Turn
from bot.storage.inserting import InsertOnce

TAKE_TURN = "take_turn"

_MESSAGES, _TURNS = cast(Table, Message.__table__), cast(Table, Turn.__table__)

_NEW_MESSAGE = InsertOnce(_MESSAGES, ["channel", "provider_id"], _MESSAGES.c.id)
_NEW_TURN = insert(_TURNS).returning(_TURNS.c.id)


def line_of(channel: str, address: str) -> str:
    """What turns and texts are kept in order by."""
    return f"{channel}:{address}"


def land(session: Session, message: InboundMessage, queue: JobQueue) -> int | None:
    """Store the message and the turn to do. The turn's id, or None when this message came before.

    Repeats (the carrier's retries, fifty at once) meet the unique key and change nothing.
    """
    row = {
        "channel": message.channel,
        "provider_id": message.provider_id,
        "sender": message.sender,
        "recipient": message.recipient,
        "body": message.body,
        "media": [{"url": m.url, "content_type": m.content_type} for m in message.media],
        "opt_out_type": message.opt_out_type,
        "received_at": message.received_at,
    }
    stored = _NEW_MESSAGE.run(session, row)
    if stored is None:
        return None
    line = line_of(message.channel, message.sender)
    turn = {"message_id": stored[0], "line": line, "created_at": message.received_at}
    new = {**turn, "status": "waiting", "attempts": 0}
    turn_id: int = session.connection().execute(_NEW_TURN, new).scalar_one()
    queue.enqueue(session, TAKE_TURN, turn_id, key=line)
    return turn_id
