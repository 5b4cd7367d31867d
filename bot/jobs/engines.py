"""What brings rows to the jobs: threads of one process on SQLite, Procrastinate's workers on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.jobs.embedded import EmbeddedQueue, EmbeddedRunner, Job
from bot.model.ports import JobQueue
from bot.storage.session import Database

Jobs = Mapping[str, tuple[Job, int]]
"""Each job with how many of it are done at the same time in one process."""


class Engine(Protocol):
    """The queue that every process has, and the runner that some start."""

    queue: JobQueue

    def submit(self, job: str, row_id: int) -> None:
        """Have `job(row_id)` done soon; that it waits already is no error."""

    def start(self, jobs: Jobs) -> None:
        """Do these jobs in this process from now on."""

    def stop(self) -> None:
        """Begin nothing new, finish what has begun, leave the rest claimable."""


class EmbeddedEngine:
    """One process does everything: a committed row wakes a thread of it."""

    def __init__(self) -> None:
        self._queue = EmbeddedQueue()
        self.queue: JobQueue = self._queue
        self._runner: EmbeddedRunner | None = None

    def submit(self, job: str, row_id: int) -> None:
        """Have it done by a thread of this process. Before the start rows just wait."""
        if self._runner is not None:
            self._runner.submit(job, row_id)

    def start(self, jobs: Jobs) -> None:
        """Start the pools, and wake them from now on."""
        self._runner = EmbeddedRunner(jobs)
        self._queue.connect(self._runner.submit)

    def stop(self) -> None:
        """Finish what has begun."""
        if self._runner is not None:
            self._runner.stop()


def engine_for(database: Database) -> Engine:
    """The engine that fits the database."""
    if database.embedded:
        return EmbeddedEngine()
    # Imported here: a process on SQLite needs neither Procrastinate nor PostgreSQL's driver (12 MB).
    from bot.jobs.cluster_engine import ClusterEngine

    return ClusterEngine(database)
