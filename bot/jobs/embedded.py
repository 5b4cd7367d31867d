"""The embedded runner: threads of this process work on the rows that wait.

The rows are the queue. A commit wakes a worker at once; the clock's sweep finds what was left behind
(a crash, a lost wake-up), so waking is only ever a matter of speed, never of correctness.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from enum import Enum
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot.storage.session import after_commit

log = structlog.get_logger(__name__)
Job = Callable[[int], int | None]
"""A job takes a row's id and returns the id of the next row it should be called with, if there is one."""


class EmbeddedQueue:
    """JobQueue of one process: the committed row is the job, and the runner is told after the commit."""

    def __init__(self) -> None:
        self._submit: Callable[[str, int], None] | None = None

    def connect(self, submit: Callable[[str, int], None]) -> None:
        """Name the runner. Until then (and in a process that only serves pages) rows just wait."""
        self._submit = submit

    def enqueue(
        self,
        session: Session,
        job: str,
        row_id: int,
        *,
        key: str | None = None,
        at: datetime | None = None,
        priority: int = 0,
    ) -> None:
        """Wake a worker once this transaction is committed; rows with a later time wait for the clock.

        So do those below priority 0: the clock brings the many texts of a broadcast in small helpings.
        """
        if at is not None or priority < 0 or self._submit is None:
            return
        submit = self._submit
        after_commit(session, lambda: submit(job, row_id))


class _Stage(Enum):
    """Where a row stands in this process."""

    QUEUED = "queued"
    RUNNING = "running"
    AGAIN = "again"  # running, and asked for once more meanwhile


class EmbeddedRunner:
    """Pools of threads, one pool a job, so that slow sends never hold up the understanding of texts."""

    def __init__(self, jobs: Mapping[str, tuple[Job, int]]) -> None:
        self._jobs = {name: job for name, (job, _) in jobs.items()}
        self._pools = {
            name: ThreadPoolExecutor(workers, thread_name_prefix=name) for name, (_, workers) in jobs.items()
        }
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._under_way: dict[tuple[str, int], _Stage] = {}
        self._stopping = False

    def submit(self, job: str, row_id: int) -> None:
        """Have `job(row_id)` done soon. Asking again while it runs makes it run once more afterwards."""
        with self._lock:
            self._begin(job, row_id)

    def _begin(self, job: str, row_id: int) -> None:
        if self._stopping:
            return
        if (job, row_id) in self._under_way:
            if self._under_way[job, row_id] is _Stage.RUNNING:
                self._under_way[job, row_id] = _Stage.AGAIN
            return
        self._under_way[job, row_id] = _Stage.QUEUED
        self._pools[job].submit(self._work, job, row_id)

    def _work(self, job: str, row_id: int) -> None:
        following: int | None = None
        with self._lock:
            self._under_way[job, row_id] = _Stage.RUNNING
        try:
            following = self._jobs[job](row_id)
        except Exception as error:
            # The row keeps its state; the sweep brings it back.
            log.exception("job_failed", job=job, row_id=row_id, error=type(error).__name__)
        self._go_on(job, row_id, following)

    def _go_on(self, job: str, row_id: int, following: int | None) -> None:
        with self._lock:
            again = self._under_way.pop((job, row_id), None) is _Stage.AGAIN
            wanted = ([row_id] if again else []) + ([following] if following is not None else [])
            for next_id in wanted:
                self._begin(job, next_id)
            if not self._under_way:
                self._idle.notify_all()

    def finish(self) -> None:
        """Do everything that was asked for, and what follows from it, then stop."""
        with self._lock:
            while self._under_way:
                self._idle.wait()
        self.stop()

    def stop(self) -> None:
        """Finish what has begun, leave the rest claimable in its rows."""
        with self._lock:
            self._stopping = True
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)

    def counts(self) -> Mapping[str, Any]:
        """What is queued or running, per job."""
        with self._lock:
            names = [job for job, _ in self._under_way]
        return {name: names.count(name) for name in self._jobs}
