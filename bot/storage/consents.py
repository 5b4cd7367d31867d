"""The consent ledger: append-only. What stands last for an address is what holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, Keyed


class ConsentEvent(Keyed, Base):
    """One consent given or revoked: who, on what address, in which words, from where, when."""

    __tablename__ = "consent_events"
    __table_args__ = (Index("ix_consent_events_line", "channel", "address", "id"),)

    channel: Mapped[str]
    address: Mapped[str]
    contact_id: Mapped[int | None]
    verdict: Mapped[str]  # granted | revoked
    wording: Mapped[str] = mapped_column(Text)
    language: Mapped[str]
    source: Mapped[str]  # roster | message | carrier | console
    actor: Mapped[str]
    at: Mapped[datetime]
