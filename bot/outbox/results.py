"""What came of the texts that lanes carried, and how it is stored: plain successes together, all else one by one."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.model.ports import Clock
from bot.outbox.carrier_calls import Attempt, Outcome
from bot.outbox.sending import Sender
from bot.outbox.taking import note_taken, plainly_taken
from bot.storage.bulk_claims import Taken
from bot.storage.session import Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Carried:
    """An attempt that reached the network, and what came of it."""

    attempt: Attempt
    outcome: Outcome


class Results:
    """Stores what came of texts for the sender that claimed them."""

    def __init__(self, database: Database, sender: Sender, clock: Clock) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock

    def store(self, lane: int, carried: Sequence[Carried]) -> None:
        """Plain successes together, everything else one by one, as single sends do."""
        stored = self._store_taken(
            [taken for one in carried if (taken := plainly_taken(one.attempt, one.outcome)) is not None]
        )
        rest = [one for one in carried if one.attempt.id not in stored]
        for one in rest:
            self._settle(one)
        if carried:
            log.info("bulk_stored", lane=lane, together=len(stored), singly=len(rest))

    def _store_taken(self, taken: Sequence[Taken]) -> frozenset[int]:
        """Note that the carrier took these. The ids of those of which nothing is left to do."""
        if not taken:
            return frozenset()
        # Not durable: a result that a power cut takes is found again at the carrier.
        with self._database.write(durable=False) as session:
            return note_taken(session, self._sender.owner, taken, self._clock.now())

    def store_late(self, future: Future[Carried | None]) -> None:
        """In a thread of the crew, after its lane's turn: nobody else waits for this one, or hears of its fault."""
        try:
            carried = future.result()
            if carried is not None:
                self._settle(carried)
        except Exception as error:  # its lease runs out, and the carrier is asked
            log.error("late_result_not_stored", error=type(error).__name__)

    def _settle(self, carried: Carried) -> None:
        """A fault of one row must not cost the others their results: it stays unclear, and is looked into."""
        try:
            self._sender.settle(carried.attempt, carried.outcome)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.exception("result_not_stored", delivery_id=carried.attempt.id, error=type(error).__name__)
