"""How a broadcast stands, always counted from the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.model.delivery import OPEN_STATES
from bot.storage.broadcast_outcomes import Tally, tallies
from bot.storage.broadcasts import Broadcast

ARRIVED = ("sent", "delivered")


@dataclass(frozen=True, slots=True)
class Counts:
    """Recipients of a broadcast. `pending` are not queued yet; `deliveries` counts the queued ones by state.

    All add up: `recipients` = `pending` + all of `skipped` + all of `deliveries`. While recipients
    are still becoming rows, `complete` is false.
    """

    recipients: int
    pending: int
    skipped: Mapping[str, int]
    deliveries: Mapping[str, int]
    complete: bool

    @property
    def waiting(self) -> int:
        """Texts that have not left yet."""
        return self.pending + sum(self.deliveries.get(state, 0) for state in OPEN_STATES)

    @property
    def arrived(self) -> int:
        """Texts the carrier took."""
        return sum(self.deliveries.get(state, 0) for state in ARRIVED)


def count(session: Session, broadcast: Broadcast) -> Counts:
    """The counts of a broadcast at this moment."""
    return count_all(session, [broadcast])[broadcast.id]


def count_all(session: Session, broadcasts: Sequence[Broadcast]) -> Mapping[int, Counts]:
    """The counts of several broadcasts, by key, in one query."""
    session.flush()
    found = tallies(session, [broadcast.id for broadcast in broadcasts])
    return {
        broadcast.id: _counts(found[broadcast.id], not broadcast.being_listed) for broadcast in broadcasts
    }


def _counts(found: Tally, complete: bool) -> Counts:
    total = found.pending + sum(found.skipped.values()) + sum(found.deliveries.values())
    return Counts(total, found.pending, found.skipped, found.deliveries, complete)
