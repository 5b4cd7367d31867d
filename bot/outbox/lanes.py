"""Lanes: the texts of broadcasts leave many at a time, with every promise that a single send keeps.

A lane claims a set of rows in one transaction, looks at all of them before they leave, has a crew of threads
carry them with nothing open, and stores plain successes together. Rows that a crash leaves behind are the
same as after a single send: under a lease, to be looked up at the carrier before anything is sent again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.model.delivery import DeliveryState
from bot.model.messages import SendResult
from bot.model.ports import Clock
from bot.outbox.carrier_calls import Attempt, Outcome
from bot.outbox.crew import Crew
from bot.outbox.sending import Sender
from bot.outbox.statuses import MEANING, attach_strays_of
from bot.storage.bulk_claims import (
    Taken,
    claim_bulk,
    is_bulk_due,
    list_overtaken,
    list_unclear_bulk,
    store_taken,
)
from bot.storage.session import Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How a lane works: `threads` at the carrier at the same time, `claim` rows in one transaction at most.

    `ahead` rows a thread may wait in hand, so that no thread waits for the database. Results are stored when
    there are `store` of them, or `linger` seconds after the first. A call lasts `turn`, so that a process can
    end soon. A text that has waited for longer than `fresh` since the last look is looked at again.
    """

    threads: int = 16
    claim: int = 64
    ahead: int = 2
    store: int = 32
    linger: float = 0.05
    turn: timedelta = timedelta(seconds=5)
    fresh: timedelta = timedelta(milliseconds=250)


@dataclass(frozen=True, slots=True)
class Carried:
    """An attempt that reached the network, and what came of it."""

    attempt: Attempt
    outcome: Outcome


LANES = 4
"""Lanes of a district whose work is shared by several processes: as many of them can send at the same time."""

Load = Attempt | int
"""What the crew works on: a text to carry, or the id of one that is unclear."""


class Lanes:
    """All lanes of this process. Any number of them, in any number of processes, may run at once."""

    def __init__(
        self, database: Database, sender: Sender, clock: Clock, pace: Pace = Pace(), *, count: int = 1
    ) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock
        self._pace = pace
        self.count = count

    def due(self) -> bool:
        """Whether there is anything for a lane to do."""
        now = self._clock.now()
        with self._database.read() as session:
            if list_unclear_bulk(session, now, 1):
                return True
            return is_bulk_due(session, now) and self._sender.room(session, 1, now) > 0

    def run(self, lane: int) -> int | None:
        """Send what may be sent, for one turn. The lane again when its turn ended before the work did."""
        until = self._clock.now() + self._pace.turn
        unclear = deque(self._list_unclear())
        with Crew(self._pace.threads, self._work) as crew:
            found = True
            while found or crew.in_hand:
                in_time = self._clock.now() < until
                if not in_time and not crew.in_hand:
                    return lane
                found = in_time and self._load(crew, unclear)
                if crew.in_hand:
                    made = crew.collect(self._pace.store, self._pace.linger)
                    self._store(lane, [one for one in made if one is not None])
                    found = True  # what was stored may have let the next text to its line go
        return None

    def _list_unclear(self) -> Sequence[int]:
        with self._database.read() as session:
            return list_unclear_bulk(session, self._clock.now(), 500)

    def _load(self, crew: Crew[Load, Carried | None], unclear: deque[int]) -> bool:
        """Give the crew what it has room for. False when there is nothing more at this moment."""
        room = self._pace.threads * (1 + self._pace.ahead) - crew.in_hand
        if room < self._pace.threads:
            return True
        while unclear and room > self._pace.threads // 2:
            crew.add(unclear.popleft())
            room -= 1
        claimed, attempts = self._claim(min(self._pace.claim, room))
        for attempt in attempts:
            crew.add(attempt)
        return claimed > 0 or bool(unclear)

    def _claim(self, most: int) -> tuple[int, Sequence[Attempt]]:
        """How many rows were taken, and those of them that leave now."""
        lease = self._sender.lease()
        with self._database.write() as session:
            rows = claim_bulk(session, lease, self._sender.room(session, most, lease.now))
            return len(rows), self._sender.begin(session, rows, lease.now)

    def _work(self, load: Load) -> Carried | None:
        """In a thread of the crew. None when there is nothing left to store."""
        if isinstance(load, int):
            self._sender.send(load)
            return None
        attempt: Attempt | None = load
        if self._clock.now() - load.looked_at > self._pace.fresh:
            attempt = self._sender.look_again(load)
        return Carried(attempt, self._sender.carry(attempt)) if attempt is not None else None

    def _store(self, lane: int, carried: Sequence[Carried]) -> None:
        """Plain successes together, everything else one by one, as single sends do."""
        stored = self._store_taken([taken for one in carried if (taken := _plainly_taken(one)) is not None])
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
            if store_taken(session, self._sender.owner, taken, self._clock.now()):
                done = frozenset(one.delivery_id for one in taken)
            else:
                done = list_overtaken(session, taken)
            for channel in {one.channel for one in taken}:
                attach_strays_of(session, channel, [one.provider_id for one in taken])
        return done

    def _settle(self, carried: Carried) -> None:
        """A fault of one row must not cost the others their results: it stays unclear, and is looked into."""
        try:
            self._sender.settle(carried.attempt, carried.outcome)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.exception("result_not_stored", delivery_id=carried.attempt.id, error=type(error).__name__)


def _plainly_taken(carried: Carried) -> Taken | None:
    """The success that needs no look at its row; None for anything else."""
    attempt, outcome = carried.attempt, carried.outcome
    if not isinstance(outcome, SendResult) or attempt.troubled:
        return None
    if MEANING.get(outcome.status, DeliveryState.SENT) is not DeliveryState.SENT:
        return None
    return Taken(attempt.id, attempt.attempts, attempt.channel, outcome.provider_id)
