"""How the carrier accounts and our numbers stand, in sentences and figures for those who watch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.storage.sender_numbers import list_senders


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """A carrier account: 1 when nothing is handed to it, and its failures in a row."""

    name: str
    open: int
    failures: int


@dataclass(frozen=True, slots=True)
class SenderFigures:
    """A number by its last four digits: segments taken on the last day it sent, and 1 while it rests."""

    label: str
    day: date | None
    day_segments: int
    rests: int


def troubles(session: Session, now: datetime) -> Sequence[str]:
    """What is not well, a sentence each: accounts that are shut, numbers that rest."""
    senders = list_senders(session)
    found = []
    for account in dict.fromkeys(sender.carrier for sender in senders):
        if account.opened_at is not None:
            shut_for = (now - account.opened_at).total_seconds()
            found.append(
                f"the carrier account {account.name} has taken nothing for {shut_for:.0f} s: {account.reason} "
                f"Texts wait; one tries from {account.retry_at:%H:%M:%S} UTC on"
            )
    for sender in senders:
        if sender.paused_until is not None and sender.paused_until > now:
            rest = f"{label_of(sender.address)} rests until {sender.paused_until:%H:%M:%S} UTC"
            found.append(f"{rest}: {sender.pause_reason}")
    return found


def figures(session: Session, now: datetime) -> tuple[Sequence[AccountFigures], Sequence[SenderFigures]]:
    """The accounts and the senders in use, in figures."""
    senders = list_senders(session)
    accounts = dict.fromkeys(sender.carrier for sender in senders)
    return [
        AccountFigures(account.name, int(account.opened_at is not None), account.failures)
        for account in accounts
    ], [
        SenderFigures(
            label_of(sender.address),
            sender.day,
            sender.day_segments,
            int(sender.paused_until is not None and sender.paused_until > now),
        )
        for sender in senders
    ]


def label_of(address: str) -> str:
    """A number without most of its digits, for logs and figures."""
    return f"…{address[-4:]}"
