"""Ticks of a cluster alone: what dead processes held is freed, and finished jobs are forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.inbox.turns import release_of
from bot.model.ports import Clock
from bot.storage.heartbeats import forget_dead, list_dead
from bot.storage.job_rows import drop_finished
from bot.storage.session import Database

log = structlog.get_logger(__name__)

DEAD_AFTER = timedelta(seconds=12)
"""A process that shows no life for so long does not keep a family waiting until its lease ends."""

FORGOTTEN_AFTER = timedelta(hours=1)
"""How long readiness still names a process that died."""


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Keeps what many processes leave behind from piling up."""

    database: Database
    clock: Clock

    def free_turns(self) -> None:
        """Tick: texts in the hands of a process that died are taken up by others.

        Should it only have been cut off, it finds its claim gone and what it did is rolled back. Deliveries
        stay under their lease: what its sender has begun may be on its way to the carrier still.
        """
        now = self.clock.now()
        with self.database.write() as session:
            dead = list_dead(session, now - DEAD_AFTER)
            freed = release_of(session, dead) if dead else 0
            forget_dead(session, now - FORGOTTEN_AFTER)
        if freed:
            log.warning("turns_freed", turns=freed, processes=len(dead))

    def forget_jobs(self) -> None:
        """Tick: finished jobs go. Their rows tell what became of them."""
        if not self.database.embedded:
            with self.database.write() as session:
                drop_finished(session)
