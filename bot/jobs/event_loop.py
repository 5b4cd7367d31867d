"""`asyncio.run` that does not wait for ever for a task that took no notice of being cancelled.

In Python 3.11 a task inside `asyncio.wait_for` can lose its cancellation when what it waits for happens at that
moment (python/cpython#86296). A pool of connections has such tasks without end: `asyncio.run`, which cancels once,
then never came back, and a worker whose database had been restarted took no more jobs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

ROUNDS, PAUSE = 5, 1.0
"""How often whoever is left is cancelled, and the seconds each time until the next."""


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run `main` in a loop of its own to its end, then end all that it has left behind. Raises what `main` raises."""
    loop = asyncio.new_event_loop()
    try:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(main)
    finally:
        _wind_up(loop)
        asyncio.set_event_loop(None)
        loop.close()


def _wind_up(loop: asyncio.AbstractEventLoop) -> None:
    for _ in range(ROUNDS):
        left = asyncio.all_tasks(loop)
        if not left:
            break
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.wait(left, timeout=PAUSE))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
