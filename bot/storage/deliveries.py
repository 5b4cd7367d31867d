"""Deliveries: every text that leaves is a row here before it is sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, Keyed

_OPEN = "state in ('held','queued','sending')"


class Delivery(Keyed, Base):
    """One send to one address. `body` is what leaves; `original` what a person wrote, when it was translated.

    `dedupe_key` makes a second row for the same cause impossible (for example "turn:12:1").
    `kind`: reply, staff, reminder, alert, consent. `error_code` is the carrier's; `reason` is plain words.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_open_line", "channel", "recipient", "id",
              sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        Index("ix_deliveries_due", "due_at", "id",
              sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        Index("ix_deliveries_provider", "channel", "provider_id"),
        Index("ix_deliveries_recipient", "channel", "recipient", "created_at"),
    )  # fmt: skip

    dedupe_key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    channel: Mapped[str]
    recipient: Mapped[str]
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turns.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(index=True)
    language: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    original: Mapped[str | None] = mapped_column(Text)
    original_language: Mapped[str | None]
    segments: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="queued")
    priority: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    first_attempt_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    provider_id: Mapped[str | None]
    error_code: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(Text)


class StatusEvent(Keyed, Base):
    """One status callback as it came; kept also when it belongs to no delivery we know yet."""

    __tablename__ = "status_events"
    __table_args__ = (
        UniqueConstraint("channel", "provider_id", "status", "error_code_key"),
        Index("ix_status_events_provider", "channel", "provider_id"),
    )

    channel: Mapped[str]
    provider_id: Mapped[str]
    status: Mapped[str]
    error_code: Mapped[int | None]
    error_code_key: Mapped[int] = mapped_column(default=0)  # 0 for none: NULLs never collide
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"), index=True)
    received_at: Mapped[datetime]
