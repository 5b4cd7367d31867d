"""The rows in which Procrastinate (3.10) keeps its jobs, as far as we write and clear them ourselves.

They are put in here rather than by Procrastinate's own call, because that one raises when a job waits
already and so would break the transaction that stores a family's text (docs/decisions/0010).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    String,
    Table,
    column,
    delete,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

_ENGINE = MetaData()
_JOBS = Table(
    "procrastinate_jobs",
    _ENGINE,
    Column("id", BigInteger, primary_key=True),
    Column("queue_name", String),
    Column("task_name", String),
    Column("priority", Integer),
    Column("queueing_lock", String),
    Column("args", JSONB),
    Column("status", String),
)
_ADD = insert(_JOBS).on_conflict_do_nothing(
    index_elements=["queueing_lock"], index_where=column("status") == literal_column("'todo'")
)
_STATUS: ColumnElement[str] = literal_column("procrastinate_jobs.status::text")
_FINISHED = ("succeeded", "failed", "cancelled", "aborted")


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job to do now: `job(row_id)`. Waiting jobs are unique by job and row."""

    job: str
    row_id: int
    priority: int = 0


def add_jobs(session: Session, jobs: Sequence[JobRow]) -> None:
    """Queue the jobs with this transaction; what waits already is left as it is. A queue a job, by its name."""
    if jobs:
        session.execute(_ADD, [_values(job) for job in jobs])


def _values(job: JobRow) -> dict[str, object]:
    return {
        "queue_name": job.job,
        "task_name": job.job,
        "priority": job.priority,
        "queueing_lock": f"{job.job}:{job.row_id}",
        "args": {"row_id": job.row_id},
    }


def drop_finished(session: Session, limit: int = 20_000) -> int:
    """Forget jobs that are over; their rows tell what became of them. How many there were, `limit` at most."""
    over = select(_JOBS.c.id).where(_STATUS.in_(_FINISHED)).order_by(_JOBS.c.id).limit(limit)
    dropped = session.execute(delete(_JOBS).where(_JOBS.c.id.in_(over)).returning(_JOBS.c.id))
    return len(dropped.all())


def count_jobs(session: Session) -> Mapping[tuple[str, str], int]:
    """How many jobs there are of each name and status (todo, doing, succeeded, …)."""
    found = session.execute(
        select(_JOBS.c.task_name, _STATUS, func.count()).group_by(_JOBS.c.task_name, _STATUS)
    )
    return {(job, status): count for job, status, count in found}
