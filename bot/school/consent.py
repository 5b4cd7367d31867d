"""The consent ledger: append-only. What was said last for a line is what holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.storage.consents import ConsentEvent, last_word, stopped_lines
from bot.storage.deliveries import Withdrawal, withdraw_line

ALWAYS = ("consent", "crisis", "alert")
"""Kinds of deliveries that leave even after a STOP: its confirmation, help in danger, alerts to staff."""


@dataclass(frozen=True, slots=True)
class Will:
    """What somebody said about being texted: the words, in which language, from where, by whom.

    `source`: roster, message, carrier or console.
    """

    wording: str
    language: str
    source: str
    actor: str
    contact_id: int | None = None


def stop(session: Session, channel: str, address: str, will: Will, now: datetime) -> ConsentEvent:
    """Revoke consent for a line. What waits to be sent there is suppressed, except its confirmation."""
    event = _append(session, channel, address, "revoked", will, now)
    withdrawal = Withdrawal(DeliveryState.SUPPRESSED, "the family said STOP", now)
    withdraw_line(session, channel, address, withdrawal, except_kinds=ALWAYS)
    return event


def start(session: Session, channel: str, address: str, will: Will, now: datetime) -> ConsentEvent:
    """Give consent for a line. What was suppressed while it was stopped stays unsent."""
    return _append(session, channel, address, "granted", will, now)


def is_stopped(session: Session, channel: str, address: str) -> bool:
    """Whether the last word for a line is a revocation. A line that never said anything is not stopped."""
    word = last_word(session, channel, address)
    return word is not None and word.verdict == "revoked"


def said_stop(session: Session, channel: str, address: str) -> bool:
    """Whether the family itself (or its carrier) stopped the line, not only the school's file."""
    word = last_word(session, channel, address)
    return word is not None and word.verdict == "revoked" and word.source != "roster"


def is_barred(session: Session, channel: str, address: str, kind: str) -> bool:
    """Whether a delivery of this kind must not leave for the line.

    A revocation in the school's file bars what nobody asked for; a family that texts all the same has
    asked, and gets its answer. After its own STOP it gets none.
    """
    if kind in ALWAYS:
        return False
    return said_stop(session, channel, address) if kind == "reply" else is_stopped(session, channel, address)


def barred_lines(
    session: Session, lines: Collection[tuple[str, str]], kind: str
) -> frozenset[tuple[str, str]]:
    """Those of the lines (channel, address) for which a delivery of this kind must not leave."""
    if kind in ALWAYS or kind == "reply" or len(lines) == 1:
        return frozenset(line for line in lines if is_barred(session, *line, kind))
    return stopped_lines(session, lines)


def _append(
    session: Session, channel: str, address: str, verdict: str, will: Will, now: datetime
) -> ConsentEvent:
    event = ConsentEvent(
        channel=channel,
        address=address,
        contact_id=will.contact_id,
        verdict=verdict,
        wording=will.wording,
        language=will.language,
        source=will.source,
        actor=will.actor,
        at=now,
    )
    session.add(event)
    session.flush()
    return event
