"""The demo's console accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.model.errors import BadInput
from bot.school.accounts import ROLES, hash_password
from bot.school.demo.files import read_yaml, take, take_words
from bot.storage.people import StaffMember
from bot.storage.staff import Account

_FILE = "staff.yml"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account whose password anybody may know."""

    username: str
    password: str
    roles: tuple[str, ...]
    staff: str
    language: str


def read_accounts(folder: Path) -> tuple[DemoAccount, ...]:
    """The accounts in `staff.yml` of the demo folder; BadInput names what is wrong there."""
    items = take(read_yaml(folder / _FILE), "accounts", list, _FILE)
    return tuple(
        DemoAccount(
            username=take(item, "username", str, _FILE),
            password=take(item, "password", str, _FILE),
            roles=tuple(take_words(item, "roles", ROLES, _FILE)),
            staff=take(item, "staff", str, _FILE),
            language=take(item, "language", str, _FILE, "en"),
        )
        for item in items
    )


def add_accounts(session: Session, folder: Path, hashing: Callable[[str], str] = hash_password) -> int:
    """Store the demo's accounts, their passwords hashed; how many they are. BadInput names a wrong one."""
    accounts = read_accounts(folder)
    query = select(StaffMember).where(StaffMember.source_id.in_([account.staff for account in accounts]))
    staff = {row.source_id: row.id for row in session.scalars(query)}
    for account in accounts:
        if account.staff not in staff:
            raise BadInput(f"{_FILE}: staff {account.staff!r} of {account.username!r} is not in the roster.")
        session.add(
            Account(
                username=account.username,
                password_hash=hashing(account.password),
                roles=",".join(account.roles),
                staff_id=staff[account.staff],
                language=account.language,
            )
        )
    session.flush()
    return len(accounts)
