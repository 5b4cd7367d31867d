"""The queue of many processes: jobs are rows of PostgreSQL that Procrastinate's workers take up.

The rows of turns and deliveries stay the truth: a job only says that one of them wants looking at. So one
that is lost is brought again by the clock's sweep, and one that is done twice finds nothing left to do.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.storage.job_rows import JobRow, add_jobs
from bot.storage.session import Database


class ClusterQueue:
    """JobQueue of many processes, and the relay by which the clock brings back what was left behind."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
        """Queue the job with this transaction: it exists when its row does. Order per `key` comes from the claims.

        Rows with a later time wait for the clock, as on SQLite: thousands of texts held until morning would
        be looked through each time a job is taken. So do those below priority 0, the texts of a broadcast.
        """
        if at is None and priority >= 0:
            add_jobs(session, [JobRow(job, row_id, priority)])

    def submit(self, job: str, row_id: int) -> None:
        """Have `job(row_id)` done soon by whichever worker is free. Waits it already, nothing changes."""
        with self._database.write(durable=False) as session:
            add_jobs(session, [JobRow(job, row_id)])
