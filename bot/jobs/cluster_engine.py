"""What brings rows to the jobs on PostgreSQL: Procrastinate's workers, in any number of processes."""

from __future__ import annotations

from bot.jobs.cluster import ClusterQueue
from bot.jobs.cluster_runner import ClusterRunner
from bot.jobs.engines import Jobs
from bot.model.ports import JobQueue
from bot.storage.session import Database


class ClusterEngine:
    """Any number of processes: a row of PostgreSQL's queue comes to whichever worker is free."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = ClusterQueue(database)
        self.queue: JobQueue = self._queue
        self._runner: ClusterRunner | None = None

    def submit(self, job: str, row_id: int) -> None:
        """Have it done by any worker."""
        self._queue.submit(job, row_id)

    def start(self, jobs: Jobs) -> None:
        """Take jobs from the queue in this process, too."""
        self._runner = ClusterRunner(self._database.engine.url, jobs, self.submit)
        self._runner.start()

    def stop(self) -> None:
        """Take nothing new, finish what has begun."""
        if self._runner is not None:
            self._runner.stop()
