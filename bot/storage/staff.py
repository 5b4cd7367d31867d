"""Console accounts, and the audit trail of what people did and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, case, func, literal, null, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

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


def find_account(session: Session, username: str) -> Account | None:
    """The account of a user name, upper and lower case alike; None when there is none."""
    query = select(Account).where(func.lower(Account.username) == username.strip().lower())
    return session.scalars(query.options(joinedload(Account.staff))).one_or_none()


@dataclass(frozen=True, slots=True)
class TryRule:
    """How often a password may be tried: the `tries`-th try at `now` makes the account rest until `rest_until`."""

    tries: int
    now: datetime
    rest_until: datetime


def count_log_in(session: Session, username: str, rule: TryRule) -> bool:
    """Count a try on an account; False when it rests, or there is none of this name.

    One statement: of tries made at the same time each sees what the one before it has counted.
    """
    rested = Account.locked_until.is_not(None)  # it has: those that still rest are not touched
    count = case((rested, 1), else_=Account.failed_logins + 1)
    rest = literal(rule.rest_until, Account.locked_until.type)
    counted = session.scalars(
        update(Account)
        .where(func.lower(Account.username) == username.strip().lower())
        .where(Account.locked_until.is_(None) | (Account.locked_until <= rule.now))
        .values(failed_logins=count, locked_until=case((count >= rule.tries, rest), else_=null()))
        .returning(Account.id),
        execution_options={"synchronize_session": False},
    )
    return counted.first() is not None


def load_account(session: Session, account_id: int) -> Account | None:
    """The account with the member of staff behind it."""
    query = select(Account).where(Account.id == account_id).options(joinedload(Account.staff))
    return session.scalars(query).one_or_none()


def list_accounts(session: Session) -> Sequence[Account]:
    """All accounts, by name, with the members of staff behind them."""
    query = select(Account).options(joinedload(Account.staff)).order_by(func.lower(Account.username))
    return session.scalars(query).all()


def list_colleagues(session: Session) -> Sequence[StaffMember]:
    """Those to whom work can be given: active staff with an active account."""
    query = (
        select(StaffMember)
        .join(Account, Account.staff_id == StaffMember.id)
        .where(Account.active, StaffMember.active)
        .order_by(StaffMember.family_name, StaffMember.given_name)
    )
    return session.scalars(query).unique().all()


def record_audit(session: Session, event: AuditEvent) -> None:
    """Write one line of the audit trail, in the same transaction as the deed."""
    session.add(event)
