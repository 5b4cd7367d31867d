"""The clock: APScheduler with a memory store ticks; what is due stands in rows, so a tick may run twice unharmed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

log = structlog.get_logger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks whether the machine's clock was set back."""

SET_BACK = 2.0
"""Seconds it must have gone back by; less is made up for by the next tick."""


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


def past_start() -> float:
    """Seconds that the time of day is ahead of the machine's stop-watch: the same always, until the clock is set."""
    return time.time() - time.monotonic()


class SteadyClock:
    """A scheduler that goes on when the machine's clock is set back. APScheduler alone waits until the old time has
    come again: with a clock set back by an hour nothing was reminded of or sent again for an hour."""

    def __init__(
        self,
        scheduler: BackgroundScheduler,
        ahead: Callable[[], float] = past_start,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._scheduler, self._ahead, self._look_every = scheduler, ahead, look_every
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()
        threading.Thread(target=self._watch, name="clock-watch", daemon=True).start()

    def shutdown(self, wait: bool = True) -> None:
        """End; with `wait`, the ticks that have begun are done first."""
        self._ended.set()
        self._scheduler.shutdown(wait)

    def _watch(self) -> None:
        known = self._ahead()
        while not self._ended.wait(self._look_every):
            before, known = known, self._ahead()
            if known < before - SET_BACK:
                log.warning("clock_set_back", seconds=round(before - known))
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))


def build_scheduler(ticks: Mapping[str, tuple[Callable[[], None], float]]) -> SteadyClock:
    """A clock that calls each tick every so many seconds, never two of one kind at once."""
    scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(4)}, timezone="UTC")
    for name, (tick, seconds) in ticks.items():
        scheduler.add_job(
            _guarded(name, tick), "interval", seconds=seconds, id=name,
            max_instances=1, coalesce=True, misfire_grace_time=None, next_run_time=datetime.now(UTC),
        )  # fmt: skip
    return SteadyClock(scheduler)


def _guarded(name: str, tick: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            tick()
        except Exception as error:
            log.exception("tick_failed", tick=name, error=type(error).__name__)

    return run
