"""The loop of the workers ends although a task has lost its cancellation."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.jobs import event_loop


def run(main: Coroutine[Any, Any, None]) -> None:
    """In a thread, as the workers have theirs: the browser tests keep a loop in the first one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(event_loop.run, main).result(30)


async def _deaf(times: int, cancelled: list[float]) -> None:
    """A task without end that loses its first cancellations."""
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            cancelled.append(time.monotonic())
            if len(cancelled) > times:
                raise


@pytest.mark.parametrize("times", [0, 1, 2])
def test_who_lost_a_cancellation_is_cancelled_again(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_loop, "PAUSE", 0.01)
    cancelled: list[float] = []
    kept = []

    async def main() -> None:
        kept.append(asyncio.create_task(_deaf(times, cancelled)))
        await asyncio.sleep(0)

    run(main())
    assert len(cancelled) == times + 1


def test_one_that_never_listens_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_loop, "PAUSE", 0.01)
    cancelled: list[float] = []
    kept = []

    async def main() -> None:
        kept.append(asyncio.create_task(_deaf(99, cancelled)))
        await asyncio.sleep(0)

    run(main())
    assert len(cancelled) == event_loop.ROUNDS
    kept[0]._log_destroy_pending = False  # type: ignore[attr-defined]  # known here; elsewhere it is worth the warning


def test_what_fails_is_raised_and_threads_of_jobs_have_ended() -> None:
    done = threading.Event()

    async def main() -> None:
        asyncio.get_running_loop().run_in_executor(None, lambda: (time.sleep(0.05), done.set()))
        await asyncio.sleep(0.01)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        run(main())
    assert done.is_set()
