"""Checking a password: five tries, then a rest; nobody learns from outside whether a name exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.console.identity import SignedIn, signed_in
from bot.storage.session import Database
from bot.storage.staff import (
    AuditEvent,
    TryRule,
    count_log_in,
    find_account,
    load_account,
    record_audit,
)

TRIES = 5
REST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One try: whose account, against which hash, and whether the account rests."""

    account_id: int | None
    password_hash: str
    refused: bool


def check_log_in(database: Database, username: str, password: str, now: datetime) -> SignedIn | None:
    """The person, or None: unknown, wrong, closed and resting look the same and take the same time.

    The try is counted before the password is looked at, so that many tries at once cannot outrun the count.
    """
    attempt = _count_try(database, username, now)
    right = _verify(attempt.password_hash, password)
    if not right or attempt.refused or attempt.account_id is None:
        return None
    return _welcome(database, attempt, password, now)


def _count_try(database: Database, username: str, now: datetime) -> _Attempt:
    with database.write() as session:
        counted = count_log_in(session, username, TryRule(TRIES, now, now + REST))
        account = find_account(session, username)
        deed = AuditEvent(
            at=now, actor="", deed="log_in_tried", subject_kind="account", subject_id=None, detail={}
        )
        record_audit(session, deed)
        if account is None:
            return _Attempt(None, _nobodys_hash(), refused=True)
        deed.subject_id = account.id
        return _Attempt(account.id, account.password_hash, refused=not counted or not account.active)


def _welcome(database: Database, attempt: _Attempt, password: str, now: datetime) -> SignedIn | None:
    with database.write() as session:
        account = load_account(session, attempt.account_id or 0)
        if account is None or account.password_hash != attempt.password_hash:
            return None
        account.failed_logins, account.locked_until, account.last_login_at = 0, None, now
        if _hasher().check_needs_rehash(account.password_hash):
            account.password_hash = _hasher().hash(password)
        record_audit(session, AuditEvent(
            at=now, actor=account.username, deed="logged_in", subject_kind="account", subject_id=account.id, detail={}
        ))  # fmt: skip
        return signed_in(account)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    """What an unknown name is checked against, so that it takes as long as a known one."""
    return _hasher().hash("the password of nobody")
