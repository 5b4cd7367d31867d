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

from bot.model.ports import Clock
from bot.outbox.carrier_calls import Attempt
from bot.outbox.crew import Crew
from bot.outbox.precedence import Precedence
from bot.outbox.results import Carried, Results
from bot.outbox.sending import Sender
from bot.storage.bulk_claims import claim_bulk, is_bulk_due, list_unclear_bulk
from bot.storage.replies_under_way import is_reply_under_way
from bot.storage.session import Database


@dataclass(frozen=True, slots=True)
class Pace:
    """How a lane works: `threads` at the carrier at the same time, `claim` rows in one transaction at most.

    `ahead` rows a thread may wait in hand, so that no thread waits for the database. Results are stored when
    there are `store` of them, or `linger` seconds after the first. A call lasts `turn`, so that a process can
    end soon, and `patience` longer for what is at the carrier then: what takes longer stores itself, lest one
    connection that hangs hold up all others. A text that has waited for longer than `fresh` since the last look
    is looked at again.
    """

    threads: int = 16
    claim: int = 64
    ahead: int = 2
    store: int = 32
    linger: float = 0.05
    turn: timedelta = timedelta(seconds=5)
    patience: timedelta = timedelta(seconds=1)
    fresh: timedelta = timedelta(milliseconds=250)


LANES = 4
"""Lanes of a district whose work is shared by several processes: as many of them can send at the same time."""

Load = Attempt | int
"""What the crew works on: a text to carry, or the id of one that is unclear."""


class Lanes:
    """All lanes of this process. Any number of them, in any number of processes, may run at once."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        clock: Clock,
        pace: Pace = Pace(),
        *,
        precedence: Precedence | None = None,
        count: int = 1,
    ) -> None:
        """`precedence` knows what goes before broadcasts in this process."""
        self._precedence = precedence or Precedence()
        self._database = database
        self._sender = sender
        self._clock = clock
        self._results = Results(database, sender, clock)
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
                self._look_around()
                over = self._clock.now() - until
                if over >= (self._pace.patience if crew.in_hand else timedelta()):
                    crew.leave(self._results.store_late)
                    return lane
                found = over < timedelta() and self._load(crew, unclear)
                if crew.in_hand:
                    self._collect(crew, lane)
                    found = True  # what was stored may have let the next text to its line go
        return None

    def _look_around(self) -> None:
        """Where several processes share the work, replies of the others go first, too."""
        if self.count > 1:
            with self._database.read() as session:
                self._precedence.elsewhere(is_reply_under_way(session, self._clock.now()))

    def _collect(self, crew: Crew[Load, Carried | None], lane: int) -> None:
        pace = self._pace
        made = crew.collect(pace.store, pace.linger, pace.patience.total_seconds())
        self._results.store(lane, [one for one in made if one is not None])

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
        self._precedence.stand_aside()
        if isinstance(load, int):
            self._sender.send(load)
            return None
        attempt: Attempt | None = load
        if self._clock.now() - load.looked_at > self._pace.fresh:
            attempt = self._sender.look_again(load)
        return Carried(attempt, self._sender.carry(attempt)) if attempt is not None else None
