"""The clock: APScheduler with a memory store ticks; what is due stands in rows, so a tick may run twice unharmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

log = structlog.get_logger(__name__)


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


def build_scheduler(ticks: Mapping[str, tuple[Callable[[], None], float]]) -> BackgroundScheduler:
    """A scheduler that calls each tick every so many seconds, never two of one kind at once."""
    scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(4)}, timezone="UTC")
    for name, (tick, seconds) in ticks.items():
        scheduler.add_job(
            _guarded(name, tick), "interval", seconds=seconds, id=name,
            max_instances=1, coalesce=True, misfire_grace_time=None, next_run_time=datetime.now(UTC),
        )  # fmt: skip
    return scheduler


def _guarded(name: str, tick: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            tick()
        except Exception as error:
            log.exception("tick_failed", tick=name, error=type(error).__name__)

    return run
