"""Discrete events: an agenda of moments, and stations where jobs wait for one of several servers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

Action = Callable[[Any], None]


class Agenda:
    """What happens when, in order; of two things at one moment the one that was planned first. Time in seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self._planned: list[tuple[float, int, Action, Any]] = []
        self._count = 0

    def at(self, moment: float, action: Action, given: Any = None) -> None:
        """Have `action(given)` done at a moment."""
        self._count += 1
        heappush(self._planned, (moment, self._count, action, given))

    def run(self) -> None:
        """Until nothing is planned any more."""
        planned = self._planned
        while planned:
            self.now, _, action, given = heappop(planned)
            action(given)


class Station:
    """Servers that take the most important job that waits (rank 0 first), the oldest of its rank.

    A job that has begun is finished first: a more important one waits for it.
    """

    def __init__(self, agenda: Agenda, servers: int, ranks: int = 1) -> None:
        self._agenda = agenda
        self._free = servers
        self._waiting: tuple[deque[tuple[float, Action, Any]], ...] = tuple(deque() for _ in range(ranks))

    def serve(self, rank: int, seconds: float, action: Action, given: Any = None) -> None:
        """Have a job done that takes so long; then `action(given)`."""
        if self._free:
            self._free -= 1
            self._agenda.at(self._agenda.now + seconds, self._done, (action, given))
        else:
            self._waiting[rank].append((seconds, action, given))

    def waiting(self, rank: int) -> int:
        """How many jobs of a rank wait."""
        return len(self._waiting[rank])

    def _done(self, job: tuple[Action, Any]) -> None:
        for queue in self._waiting:
            if queue:
                seconds, action, given = queue.popleft()
                self._agenda.at(self._agenda.now + seconds, self._done, (action, given))
                break
        else:
            self._free += 1
        job[0](job[1])
