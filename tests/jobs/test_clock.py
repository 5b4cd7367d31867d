"""The clock goes on ticking when the machine's clock is set back, and is not hurried by a small step."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from bot.jobs.clock import SteadyClock

LONG_AFTER = 3600


@contextmanager
def ticking(ahead: Callable[[], float], tick: Callable[[], object]) -> Iterator[BackgroundScheduler]:
    """A clock whose only tick is an hour away; its scheduler."""
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(tick, "interval", seconds=LONG_AFTER)
    clock = SteadyClock(scheduler, ahead, look_every=0.01)
    clock.start()
    try:
        yield scheduler
    finally:
        clock.shutdown()


def test_set_back_by_an_hour_it_ticks_at_once() -> None:
    steps, ticked = iter([0.0, 0.0]), threading.Event()
    with ticking(lambda: next(steps, -3600.0), ticked.set):
        assert ticked.wait(20)


@pytest.mark.parametrize("step", [-1.0, 3600.0])
def test_a_small_step_or_one_forward_changes_nothing(step: float) -> None:
    looked, ticked = threading.Semaphore(0), threading.Event()
    steps = iter([0.0, 0.0])

    def ahead() -> float:
        looked.release()
        return next(steps, step)

    with ticking(ahead, ticked.set) as scheduler:
        (job,) = scheduler.get_jobs()
        due = job.next_run_time
        for _ in range(5):
            assert looked.acquire(timeout=20)
        (job,) = scheduler.get_jobs()
        assert job.next_run_time == due
    assert not ticked.is_set()


def test_the_watch_ends_with_the_clock() -> None:
    with ticking(lambda: 0.0, lambda: None):
        (watch,) = [one for one in threading.enumerate() if one.name == "clock-watch"]
    watch.join(20)
    assert not watch.is_alive()
