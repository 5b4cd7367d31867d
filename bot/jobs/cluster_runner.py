"""The worker of many processes: Procrastinate's own, with the settings that were measured to lose nothing.

It lives in a thread with an event loop of its own, one Procrastinate worker a kind of job, so that slow sends
never hold up the understanding of texts. When the database goes away it starts again as soon as it is back.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.worker import Worker
from sqlalchemy import URL

from bot.jobs import event_loop
from bot.jobs.embedded import Job
from bot.jobs.stalled import keep_alive
from bot.storage.patience import patient

log = structlog.get_logger(__name__)

POLLING = 0.5
"""Seconds between two looks for jobs whose time has come; new ones are announced at once."""

HEARTBEAT, STALLED_AFTER = 3.0, 10.0
"""Seconds between two signs of life of a worker, and without one until its jobs go to others."""

GRACE = 30.0
"""Seconds that the jobs in hand get when the worker stops."""

SLICE = 5.0
"""Seconds that one job goes on with what follows from it, before it queues up again behind the others."""

PATIENT_FOR = 5.0
"""Seconds that a worker waits for a connection before it takes the database for lost."""

AGAIN_AFTER = 1.0
"""Seconds until a worker that lost the database tries anew."""


class ClusterRunner:
    """Takes jobs of PostgreSQL's queue, so many of each kind at the same time."""

    def __init__(
        self, url: URL, jobs: Mapping[str, tuple[Job, int]], submit: Callable[[str, int], None]
    ) -> None:
        self._patience = patient(url)
        self._conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._jobs = dict(jobs)
        self._submit = submit
        self._change = threading.Lock()
        self._stopping = threading.Event()
        self._tell: Callable[[], object] | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs")

    def start(self) -> None:
        """Begin to take jobs, in the background."""
        self._thread.start()

    def wait_until_ready(self, timeout: float) -> bool:
        """Wait until jobs are taken. False when that took too long."""
        return self._ready.wait(timeout)

    def stop(self) -> None:
        """Take no new job, finish those in hand, leave the rest to others."""
        with self._change:
            self._stopping.set()
            if self._tell is not None:
                self._tell()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                event_loop.run(self._live())
            except Exception as error:
                log.error("jobs_interrupted", error=type(error).__name__, again_after_seconds=AGAIN_AFTER)
            self._ready.clear()
            self._stopping.wait(AGAIN_AFTER)

    async def _live(self) -> None:
        """One life of the workers: until we are told to stop, or something fails."""
        loop, told = asyncio.get_running_loop(), asyncio.Event()
        threads = sum(count for _, count in self._jobs.values())
        loop.set_default_executor(ThreadPoolExecutor(threads, thread_name_prefix="job"))
        loop.set_exception_handler(_note_unrecorded)
        with self._change:
            self._tell = lambda: loop.call_soon_threadsafe(told.set)
        stop = asyncio.create_task(told.wait())
        try:
            if not self._stopping.is_set():
                await self._work(self._app(), stop)
        finally:
            with self._change:
                self._tell = None
            stop.cancel()

    async def _work(self, app: App, stop: asyncio.Task[Any]) -> None:
        opening = asyncio.create_task(_open(app))
        await asyncio.wait([opening, stop], timeout=PATIENT_FOR, return_when=asyncio.FIRST_COMPLETED)
        if not opening.done():
            opening.cancel()
            if stop.done():
                return
            raise TimeoutError("the database does not answer")
        opening.result()
        try:
            workers = [self._worker(app, name, count) for name, (_, count) in self._jobs.items()]
            running = [asyncio.create_task(worker.run()) for worker in workers]
            running.append(asyncio.create_task(keep_alive(app, workers, HEARTBEAT, STALLED_AFTER)))
            self._ready.set()
            await asyncio.wait([*running, stop], return_when=asyncio.FIRST_COMPLETED)
            await _end(workers, running)
            if not stop.done():
                _raise_first(running)
        finally:
            await app.close_async()

    def _app(self) -> App:
        """Procrastinate with our jobs, on a pool of few connections: it needs one only to take or end a job."""
        connector = PsycopgConnector(
            conninfo=self._conninfo, kwargs=self._patience, min_size=1, max_size=2 * len(self._jobs),
            timeout=PATIENT_FOR,
        )  # fmt: skip
        app = App(connector=connector)
        for name in self._jobs:
            app.task(name=name, queue=name)(self._task(name))
        return app

    def _worker(self, app: App, name: str, count: int) -> Worker:
        return Worker(
            app, queues=[name], name=name, concurrency=count, install_signal_handlers=False,
            fetch_job_polling_interval=POLLING, update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=STALLED_AFTER, shutdown_graceful_timeout=GRACE,
        )  # fmt: skip

    def _task(self, name: str) -> Callable[..., Any]:
        def task(row_id: int) -> None:
            self._do(name, row_id)

        return task

    def _do(self, name: str, row_id: int) -> None:
        """The job and what follows from it, for a while; then, or when we stop, it goes back into the queue."""
        until = time.monotonic() + SLICE
        following = self._call(name, row_id)
        while following is not None:
            if self._stopping.is_set() or time.monotonic() > until:
                self._submit(name, following)
                return
            following = self._call(name, following)

    def _call(self, name: str, row_id: int) -> int | None:
        try:
            return self._jobs[name][0](row_id)
        except Exception as error:
            # The row keeps its state; the sweep brings it back.
            log.exception("job_failed", job=name, row_id=row_id, error=type(error).__name__)
            return None


async def _open(app: App) -> None:
    await app.open_async()


async def _end(workers: list[Worker], running: list[asyncio.Task[None]]) -> None:
    """Whichever ended takes the others along. Told again and again: a worker that only begins forgets it once."""
    running[-1].cancel()
    while not all(task.done() for task in running):
        for worker in workers:
            worker.stop()
        await asyncio.wait(running, timeout=0.2)
    await asyncio.gather(*running, return_exceptions=True)


def _raise_first(running: list[asyncio.Task[None]]) -> None:
    """Say what went wrong; a worker that ended without a word lost something, too."""
    for task in running:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            raise error
    raise ConnectionError("a worker ended by itself")


def _note_unrecorded(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A job that was done while the database went away: nobody noted it, so it is looked at once more."""
    error = context.get("exception")
    log.warning("job_not_noted", error=type(error).__name__)
