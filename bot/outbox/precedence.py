"""Replies go first: while one is being made or sent in this process, the texts of broadcasts stand aside.

Slots and lanes see to it that the carrier takes a reply before a broadcast. Before it comes to that, both want
the same cores and the same interpreter, of which a broadcast with its reports takes all it can get.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

ASIDE = 0.2
"""Seconds that a text of a broadcast stands aside at most, so that it leaves also where families never cease to write.
Measured (docs/measurements.md): half as long let replies take twice as long and sent the broadcast no faster."""


class Precedence:
    """What goes first in this process, and the wait of what goes after it."""

    def __init__(self, aside: float = ASIDE) -> None:
        """Nothing goes first yet. `aside` is the longest wait, in seconds."""
        self._aside = aside
        self._lock = threading.Lock()
        self._free = threading.Event()
        self._free.set()
        self._under_way = 0
        self._elsewhere = False

    def first(self, job: Callable[[int], int | None]) -> Callable[[int], int | None]:
        """The same job; while it runs, others stand aside."""

        def going_first(row_id: int) -> int | None:
            self._count(1)
            try:
                return job(row_id)
            finally:
                self._count(-1)

        return going_first

    def stand_aside(self) -> None:
        """Wait until nothing goes first, though not for long."""
        self._free.wait(self._aside)

    def elsewhere(self, under_way: bool) -> None:
        """Note whether something that goes first is under way in another process: they share the machine, or the database's."""
        with self._lock:
            self._elsewhere = under_way
            self._tell()

    def _count(self, change: int) -> None:
        with self._lock:
            self._under_way += change
            self._tell()

    def _tell(self) -> None:
        if self._under_way or self._elsewhere:
            self._free.clear()
        else:
            self._free.set()
