"""Console accounts, and the audit trail of what people did and read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.base import Base, Keyed
from bot.storage.people import StaffMember


class Account(Keyed, Base):
    """A member of staff who may log in to the console. `roles`: comma list of office, teacher, admin."""

    __tablename__ = "accounts"

    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    roles: Mapped[str]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(default="en")
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    session_epoch: Mapped[int] = mapped_column(default=0)  # raised to end all sessions
    last_login_at: Mapped[datetime | None]

    staff: Mapped[StaffMember | None] = relationship()


class AuditEvent(Keyed, Base):
    """Who did or read what, when. Append-only."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_subject", "subject_kind", "subject_id"),)

    at: Mapped[datetime]
    actor: Mapped[str]
    deed: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Heartbeat(Base):
    """When a part of the system last showed life (the clock, a worker), so that readiness can tell."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
