"""Threads that work on what they are given; what comes of it is collected in helpings."""

from __future__ import annotations

import threading
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

    Left by an error, the crew finishes what it has begun and drops the rest; left by `leave`, it finishes all.
    """

    def __init__(self, threads: int, work: Callable[[Given], Made]) -> None:
        self._work = work
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="crew")
        self._done: SimpleQueue[Future[Made]] = SimpleQueue()
        self._late: Callable[[Future[Made]], None] | None = None
        self._lock = threading.Lock()
        self.in_hand = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        left = self._late is not None
        self._pool.shutdown(wait=not left, cancel_futures=not left)

    def add(self, given: Given) -> None:
        """Have this worked on."""
        self.in_hand += 1
        self._pool.submit(self._work, given).add_done_callback(self._finished)

    def collect(self, most: int, linger: float, patience: float) -> list[Made]:
        """What has been made: waits `patience` seconds for the first, then `linger` after the first for as many.

        Raises what the work raised.
        """
        deadline = time.monotonic() + patience
        made: list[Made] = []
        while self.in_hand and len(made) < most:
            try:
                future = self._done.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                break
            if not made:
                deadline = time.monotonic() + linger
            self.in_hand -= 1
            made.append(future.result())
        return made

    def leave(self, late: Callable[[Future[Made]], None]) -> None:
        """Go while some are still at work: each hands what comes of it to `late`, in its own thread."""
        with self._lock:
            self._late = late
        self.in_hand = 0
        while not self._done.empty():
            late(self._done.get())

    def _finished(self, future: Future[Made]) -> None:
        with self._lock:
            late = self._late
            if late is None:
                self._done.put(future)
        if late is not None:
            late(future)
