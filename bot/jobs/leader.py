"""Of many clocks one ticks: the one that holds PostgreSQL's lock. When it dies, another follows within seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

import structlog

from bot.storage.advisory_locks import LEADING, session_of_its_own, take
from bot.storage.session import Database

log = structlog.get_logger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks whether the lock is free, or still ours."""


class Ticking(Protocol):
    """What the leader does (an APScheduler scheduler)."""

    def start(self) -> None:
        """Begin."""

    def shutdown(self, wait: bool = True) -> None:
        """End; with `wait`, what has begun is done first."""


class Leader:
    """A thread that waits for the lock, ticks while it has it, and stops ticking the moment it is lost.

    Two may tick for a moment, when the old one only notices late: ticks claim rows, so that does no harm.
    """

    def __init__(
        self, database: Database, build: Callable[[], Ticking], look_every: float = LOOK_EVERY
    ) -> None:
        self._database, self._build, self._look_every = database, build, look_every
        self._stopped = threading.Event()
        self._leads = threading.Event()
        self._thread = threading.Thread(target=self._run, name="leader")

    @property
    def leads(self) -> bool:
        """Whether this process ticks."""
        return self._leads.is_set()

    def wait_until_leading(self, timeout: float) -> bool:
        """Wait for the lock. False when others held it all the time."""
        return self._leads.wait(timeout)

    def start(self) -> None:
        """Stand for leader from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the ticks that have begun, then let another one lead."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._stand()
            except Exception as error:
                log.warning("clock_without_database", error=type(error).__name__)
            self._stopped.wait(self._look_every)

    def _stand(self) -> None:
        """On one connection: wait for the lock, then lead until it or we end."""
        with session_of_its_own(self._database) as connection:
            while not take(connection, LEADING):
                if self._stopped.wait(self._look_every):
                    return
            ticking = self._build()
            ticking.start()
            self._leads.set()
            log.info("clock_leads")
            try:
                while not self._stopped.wait(self._look_every):
                    connection.exec_driver_sql("SELECT 1")
            finally:
                self._leads.clear()
                ticking.shutdown(wait=self._stopped.is_set())
                log.info("clock_leads_no_more")
