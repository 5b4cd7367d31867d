"""Threads that work on what they are given; what comes of it is collected in helpings."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Generic, Self, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


class Crew(Generic[Given, Made]):
    """So many threads that do `work`. One thread at a time gives and collects.

    Left by an error, the crew finishes what it has begun and drops the rest.
    """

    def __init__(self, threads: int, work: Callable[[Given], Made]) -> None:
        self._work = work
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="crew")
        self._done: SimpleQueue[Future[Made]] = SimpleQueue()
        self.in_hand = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def add(self, given: Given) -> None:
        """Have this worked on."""
        self.in_hand += 1
        self._pool.submit(self._work, given).add_done_callback(self._done.put)

    def collect(self, most: int, seconds: float) -> list[Made]:
        """What has been made: waits for the first, then so long for as many. Raises what the work raised."""
        deadline = time.monotonic() + seconds
        made: list[Made] = []
        while self.in_hand and len(made) < most:
            try:
                wait = None if not made else max(0.0, deadline - time.monotonic())
                future = self._done.get(timeout=wait)
            except Empty:
                break
            self.in_hand -= 1
            made.append(future.result())
        return made
