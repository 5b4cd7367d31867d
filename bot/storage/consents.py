"""The consent ledger: append-only. What stands last for an address is what holds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Index, Select, Text, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Keyed
from bot.storage.given import LINES, on_lines, pack
from bot.storage.remembering import remembered


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


class LastWord(NamedTuple):
    """What stands last for a line: the verdict (granted or revoked), and from where it came."""

    verdict: str
    source: str


def last_word(session: Session, channel: str, address: str) -> LastWord | None:
    """What stands last for a line, or None when nothing was ever said."""
    line = {"line_channel": channel, "line_address": address}
    return remembered(
        session,
        (ConsentEvent,),
        ("consent", channel, address),
        lambda: next((LastWord(*row) for row in session.connection().execute(_LAST_WORD, line)), None),
    )


# Asked several times in every turn and with every send: built once.
_LAST_WORD = (
    select(ConsentEvent.verdict, ConsentEvent.source)
    .where(
        ConsentEvent.channel == bindparam("line_channel"), ConsentEvent.address == bindparam("line_address")
    )
    .order_by(ConsentEvent.id.desc())
    .limit(1)
)


def verdicts_so_far(session: Session, channel: str) -> list[ConsentEvent]:
    """Every consent event of a channel, oldest first: the ledger as an import compares with it."""
    query = select(ConsentEvent).where(ConsentEvent.channel == channel).order_by(ConsentEvent.id)
    return list(session.scalars(query))


def stopped_lines(
    session: Session, lines: Collection[tuple[str, str]] | None = None
) -> frozenset[tuple[str, str]]:
    """Of these lines (channel, address), or of all, those whose last word is a revocation."""
    if lines is None:
        found = session.execute(_stopped(_LAST_WORDS))
    else:
        found = session.execute(_STOPPED_AMONG, {"lines": pack(lines)})
    return frozenset((row[0], row[1]) for row in found)


def _stopped(last: Select[int]) -> Select[str, str]:
    revoked = ConsentEvent.verdict == "revoked"
    return select(ConsentEvent.channel, ConsentEvent.address).where(ConsentEvent.id.in_(last), revoked)


_LAST_WORDS = select(func.max(ConsentEvent.id)).group_by(ConsentEvent.channel, ConsentEvent.address)
_STOPPED_AMONG = _stopped(_LAST_WORDS.join(LINES, on_lines(ConsentEvent)))
