"""Everybody a broadcast is meant for becomes a row, and most of them get their text in the same transaction.

Who lists alone makes rows and texts in one go. What another process began, or a stop interrupted, is listed without
texts, which `rows` makes afterwards: the counts of one that was paused or cancelled are exact a moment later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from bot.school.broadcasts.households import Household
from bot.school.broadcasts.reasons import CANCELLED, EXPIRED, MISSING
from bot.school.broadcasts.rows import CHUNK, Helping, address, is_stale
from bot.school.broadcasts.wording import Content
from bot.storage.broadcast_expansion import NewRecipient, add_recipients, last_recipient
from bot.storage.broadcasts import Broadcast, lock_broadcast

NO_ROW_YET = 0


def chunks(households: Iterable[Household], size: int = CHUNK) -> Iterator[Sequence[Household]]:
    """The households in pieces of about `size`; those of one line stay together."""
    piece: list[Household] = []
    for _, group in groupby(households, key=lambda household: household.line):
        piece.extend(group)
        if len(piece) >= size:
            yield piece
            piece = []
    if piece:
        yield piece


@dataclass(slots=True)
class Listing:
    """Makes rows of a broadcast's households, from the first on, and knows whether anybody else does, or did:
    `alone` is true as long as all rows there are have been made here."""

    broadcast_id: int
    _last: int = 0
    alone: bool = True

    def open(self, session: Session) -> Broadcast | None:
        """The broadcast, locked, while it is being listed; asked first in each transaction. None once it is not."""
        broadcast = lock_broadcast(session, self.broadcast_id)
        if broadcast is None or not broadcast.being_listed:
            return None
        # All rows there are being those made here, no line can have one: the next lines come once only.
        self.alone = self.alone and last_recipient(session, self.broadcast_id) == self._last
        return broadcast

    def goes_straight(self, broadcast: Broadcast, now: datetime) -> bool:
        """Whether those listed next may get their texts at once."""
        return self.alone and broadcast.state == "expanding" and not is_stale(broadcast, now)

    def add(
        self,
        session: Session,
        broadcast: Broadcast,
        households: Sequence[Household],
        now: datetime,
        straight: Helping | None = None,
    ) -> None:
        """Make rows of those whose line has none yet. Whom `straight` addresses has a delivery by now."""
        texts = {to.household.key: to.dedupe_key for to in straight.addressed} if straight else {}
        others = _fate(broadcast, now, straight)
        new = (_new(one, others, texts.get(one.key)) for one in households)
        add_recipients(session, self.broadcast_id, new, first=self.alone)
        self._last = last_recipient(session, self.broadcast_id)


def address_all(content: Content, households: Iterable[Household]) -> Helping:
    """Those of the households who are to get their texts at once."""
    found = (address(NO_ROW_YET, one, content) for one in households if one.reason is None)
    return Helping(content, [to for to in found if content.fields <= to.values.keys()], ())


def close_list(session: Session, broadcast_id: int) -> bool:
    """Everybody is a row now. False when nobody is to be queued, because it was stopped, or is no longer listed."""
    broadcast = lock_broadcast(session, broadcast_id)
    if broadcast is None or not broadcast.being_listed:
        return False
    broadcast.resolved = True
    return broadcast.state == "expanding"


def _fate(broadcast: Broadcast, now: datetime, straight: Helping | None) -> tuple[str, str | None]:
    """State and reason of those who get no text now."""
    if broadcast.state == "cancelled":
        return "skipped", CANCELLED
    if broadcast.state == "expanding" and is_stale(broadcast, now):
        return "skipped", EXPIRED
    return ("skipped", MISSING) if straight else ("pending", None)


def _new(household: Household, others: tuple[str, str | None], dedupe_key: str | None) -> NewRecipient:
    state, reason = ("queued", None) if dedupe_key else others
    if household.reason is not None:
        state, reason = "skipped", household.reason
    return NewRecipient(
        household.contact_id,
        household.guardian_id,
        household.line,
        household.language,
        household.about_child,
        [child.name for child in household.children],
        state,
        reason,
        dedupe_key,
    )
