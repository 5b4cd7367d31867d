"""Workers show that they live; the jobs of one that died go back into the queue."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker

log = structlog.get_logger(__name__)


async def keep_alive(app: App, workers: Sequence[Worker], every: float, silent: float) -> None:
    """For ever, every so many seconds: show life, and put back what workers hold that were silent for `silent`.

    Procrastinate's own sign of life ends unnoticed when it fails once (3.10 watches its side tasks only until
    the first of them ends, and without periodic tasks one ends at once): this one fails loudly. Any number of
    workers may put back the same job: whoever comes second finds it done.
    """
    while True:
        await asyncio.sleep(every)
        for worker in workers:
            if worker.worker_id is not None:
                await app.job_manager.update_heartbeat(worker.worker_id)
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent):
            await _revive(app, job, silent)


async def _revive(app: App, job: Job, silent: float) -> None:
    try:
        await app.job_manager.retry_job(job)
    except ConnectorException:
        # Another worker was quicker, or the same job waits anew; a database that is gone fails again below.
        await _drop(app, job, silent)
    else:
        log.warning("job_revived", job=job.task_name)


async def _drop(app: App, job: Job, silent: float) -> None:
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent)
    if job.id is not None and job.id in [other.id for other in stalled]:
        await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)
