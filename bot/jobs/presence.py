"""A process shows that it lives, and what it is, in a row of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from bot.model.ports import Clock
from bot.storage.heartbeats import show_life, take_leave
from bot.storage.session import Database

log = structlog.get_logger(__name__)

EVERY = 3.0
"""Seconds between two signs of life."""

Detail = Callable[[], Mapping[str, Any]]
"""What a process says of itself: its role, whether it ticks, whether its model is ready."""


class Presence:
    """A thread that moves this process's row until it stops; then the row goes."""

    def __init__(self, database: Database, clock: Clock, owner: str, detail: Detail) -> None:
        self._database, self._clock, self._owner, self._detail = database, clock, owner, detail
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)

    def start(self) -> None:
        """Show life from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Take leave. Whoever dies without is taken for dead after a while."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()
        try:
            with self._database.write() as session:
                take_leave(session, self._owner)
        except Exception as error:
            log.warning("leave_not_taken", error=type(error).__name__)

    def show(self) -> None:
        """One sign of life, now."""
        with self._database.write(durable=False) as session:
            show_life(session, self._owner, self._clock.now(), self._detail())

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.show()
            except Exception as error:
                log.warning("life_not_shown", error=type(error).__name__)
            self._stopped.wait(EVERY)
