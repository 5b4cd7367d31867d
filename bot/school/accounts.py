"""Console accounts: who may sign in, with which roles, and how long a password must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from bot.model.errors import BadInput, NotFound
from bot.storage.people import find_staff_by_source_id
from bot.storage.staff import Account, AuditEvent, find_account, record_audit

ROLES = ("office", "teacher", "admin")
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 400
OPERATOR = "operator"
"""How the audit trail names whoever runs the commands."""

_USERNAME = re.compile(r"[\w.@+-]{2,120}")
Hashing = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a new account is to be. `staff_source_id`: the person in the roster behind it, None for none."""

    username: str
    roles: Sequence[str]
    staff_source_id: str | None = None
    language: str = "en"


def hash_password(password: str) -> str:
    """As the console hashes passwords (argon2, the library's own defaults): about 0.1 s each."""
    return PasswordHasher().hash(password)


def check_password(username: str, password: str) -> None:
    """BadInput when nobody should have this password."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(
            f"The password has {len(password)} characters; "
            f"it must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD}. Four unrelated words are a good one."
        )
    if username.strip().lower() in password.lower():
        raise BadInput("The password contains the user name. Choose another one.")


def check_new(session: Session, wanted: NewAccount) -> None:
    """BadInput or NotFound when there can be no such account: asked before a password is typed."""
    if not _USERNAME.fullmatch(wanted.username):
        raise BadInput(f"{wanted.username!r}: a user name has 2 to 120 letters, digits and . @ + - _ only.")
    if find_account(session, wanted.username) is not None:
        raise BadInput(f"There is an account {wanted.username!r} already.")
    unknown = [role for role in wanted.roles if role not in ROLES]
    if unknown or not wanted.roles:
        raise BadInput(f"An account needs one or more of the roles {', '.join(ROLES)}; not {unknown}.")
    if wanted.staff_source_id is not None:
        _staff_id(session, wanted.staff_source_id)
    elif set(wanted.roles) == {"teacher"}:
        raise BadInput("A teacher sees the cases given to one person of the roster: name that person.")


def add_account(
    session: Session, wanted: NewAccount, password: str, now: datetime, hashing: Hashing = hash_password
) -> Account:
    """A new account. BadInput or NotFound when it cannot be, or its password is too weak."""
    check_new(session, wanted)
    check_password(wanted.username, password)
    account = Account(
        username=wanted.username,
        password_hash=hashing(password),
        roles=",".join(role for role in ROLES if role in wanted.roles),
        staff_id=_staff_id(session, wanted.staff_source_id) if wanted.staff_source_id is not None else None,
        language=wanted.language,
    )
    session.add(account)
    session.flush()
    _audit(session, account, "account_added", now)
    return account


def disable_account(session: Session, username: str, now: datetime) -> None:
    """Nobody can sign in to it any more, and its open sessions end at once."""
    account = named_account(session, username)
    account.active = False
    account.session_epoch += 1
    _audit(session, account, "account_disabled", now)


def enable_account(session: Session, username: str, now: datetime) -> None:
    """The account can be signed in to again, with the password it had."""
    account = named_account(session, username)
    account.active = True
    _audit(session, account, "account_enabled", now)


def set_password(
    session: Session, username: str, password: str, now: datetime, hashing: Hashing = hash_password
) -> None:
    """A new password. Open sessions end, and an account that rests after wrong tries rests no more."""
    account = named_account(session, username)
    check_password(account.username, password)
    account.password_hash = hashing(password)
    account.failed_logins, account.locked_until = 0, None
    account.session_epoch += 1
    _audit(session, account, "password_set", now)


def named_account(session: Session, username: str) -> Account:
    """The account of this name; NotFound when there is none."""
    account = find_account(session, username)
    if account is None:
        raise NotFound(f"There is no account {username!r}.")
    return account


def _staff_id(session: Session, source_id: str) -> int:
    staff = find_staff_by_source_id(session, source_id)
    if staff is None:
        raise NotFound(f"The roster has no active member of staff {source_id!r}. Load the roster first.")
    return staff.id


def _audit(session: Session, account: Account, deed: str, now: datetime) -> None:
    event = AuditEvent(at=now, actor=OPERATOR, deed=deed, subject_kind="account", subject_id=account.id)
    record_audit(session, event)
    session.flush()
