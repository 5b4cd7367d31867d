"""The clock's part for answers of staff that reached nobody: their cases wait for an answer again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.jobs.one_by_one import one_by_one
from bot.model.ports import Clock
from bot.school.case_work import note_lost_answer
from bot.school.cases import Promise
from bot.storage.lost_deliveries import list_lost_answers
from bot.storage.session import Database

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Answers a tick takes on; the rest waits for the next one."""

LOOK_BACK = timedelta(days=4)
"""How long after it was written a carrier may still report that an answer was lost."""


@dataclass(frozen=True, slots=True)
class Reopening:
    """Opens such a case again: whoever answered has moved on, and only open cases with a due time are looked at."""

    database: Database
    clock: Clock
    promise: Promise

    def reopen(self) -> None:
        """Tick: look at every answer that was lost since the last one."""
        with self.database.read() as session:
            lost = list_lost_answers(session, self.clock.now() - LOOK_BACK, AT_ONCE)
        one_by_one(lost, self._reopen, _tell)

    def _reopen(self, answer_id: int) -> None:
        with self.database.write() as session:
            if note_lost_answer(session, answer_id, self.promise, self.clock.now()):
                log.info("case_reopened", delivery_id=answer_id)


def _tell(answer_id: int, error: Exception) -> None:
    log.error("case_not_reopened", delivery_id=answer_id, error=type(error).__name__)
