"""Conversations, the messages that came in, and the turns they make."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from bot.storage.base import Base, Keyed
from bot.storage.given import LINES, on_lines, pack
from bot.storage.people import Contact


class Conversation(Keyed, Base):
    """The talk with one line (an address on a channel). `contact_id` is who speaks, once that is clear.

    `state` is the DialogueState as JSON. `language` is the language answers are given in.
    `with_staff` is true while a person has taken over and the bot is silent. `language_watch` is the
    LanguageWatch as JSON: which other language is written here, and which were asked about.
    """

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    channel: Mapped[str]
    address: Mapped[str]
    our_address: Mapped[str] = mapped_column(default="")
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    language: Mapped[str]
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    language_watch: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    with_staff: Mapped[bool] = mapped_column(default=False)
    case_id: Mapped[int | None] = mapped_column(index=True)
    last_inbound_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    contact: Mapped[Contact | None] = relationship()


class Message(Keyed, Base):
    """A message as it came in, stored before it was acknowledged. Never changed."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("channel", "provider_id"),
        Index("ix_messages_line", "channel", "sender", "id"),
    )

    channel: Mapped[str]
    provider_id: Mapped[str]
    sender: Mapped[str]
    recipient: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    media: Mapped[list[Any]] = mapped_column(default=list)
    opt_out_type: Mapped[str | None]
    received_at: Mapped[datetime]
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"), index=True)


class Turn(Keyed, Base):
    """One message and all it caused. Waits, is claimed under a lease, and ends done or failed.

    `line` ("sms:+1510…") is what turns are kept in order by. `understood` is what the
    utterance was taken for (language, intent, confidence, flow, slots) for staff and simulator.
    """

    __tablename__ = "turns"
    __table_args__ = (
        Index("ix_turns_open", "line", "id", sqlite_where=text("status in ('waiting','claimed')"),
              postgresql_where=text("status in ('waiting','claimed')")),
        Index("ix_turns_status", "status", "id"),
    )  # fmt: skip

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), unique=True)
    line: Mapped[str]
    status: Mapped[str] = mapped_column(default="waiting")  # waiting claimed done failed
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    understood: Mapped[dict[str, Any] | None]
    error: Mapped[str | None] = mapped_column(Text)

    message: Mapped[Message] = relationship()


def has_written(session: Session, channel: str, address: str) -> bool:
    """Whether anybody has ever texted from this line."""
    query = select(Message.id).where(Message.channel == channel, Message.sender == address).limit(1)
    return session.scalar(query) is not None


def last_turn_before(session: Session, conversation_id: int, turn_id: int) -> Turn | None:
    """The turn of a conversation before this one, with its message."""
    query = (
        select(Turn)
        .join(Turn.message)
        .where(Message.conversation_id == conversation_id, Turn.id < turn_id)
        .options(joinedload(Turn.message))
    )
    return session.scalars(query.order_by(Turn.id.desc()).limit(1)).first()


def lines_talking(session: Session, lines: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
    """The conversations there are with these lines (channel, address), by line."""
    return {(row[0], row[1]): row[2] for row in session.execute(_TALKING, {"lines": pack(lines)})}


_TALKING = select(Conversation.channel, Conversation.address, Conversation.id).join(
    LINES, on_lines(Conversation)
)
