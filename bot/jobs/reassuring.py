"""The clock's part for families who went silent while they were asked for more: they hear that people have their words."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session

from bot.jobs.one_by_one import one_by_one
from bot.model.ports import Clock
from bot.outbox.queueing import OutgoingSay, Queueing
from bot.school.case_keeping import list_silent, tell_silent
from bot.school.case_words import opened_say
from bot.storage.session import Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reassuring:
    """A case that was kept before its questions were answered is told once: who answers, by when, under which reference.

    Nobody asked for this text, so it waits for the hours of rest to end.
    """

    database: Database
    clock: Clock
    queueing: Queueing

    def reassure(self) -> None:
        """Tick: tell every family that has been silent long enough."""
        with self.database.read() as session:
            silent = list_silent(session, self.clock.now())
        one_by_one(silent, self._reassure, _tell)

    def _reassure(self, case_id: int) -> None:
        with self.database.write() as session:
            self._queue(session, case_id)

    def _queue(self, session: Session, case_id: int) -> None:
        told = tell_silent(session, case_id)
        if told is None:
            return
        case, conversation = told
        say = opened_say(case, named=case.guardian_id is not None)
        text = OutgoingSay.on(
            conversation, say, f"kept:{case.id}", self.clock.now(), kind="reminder", case_id=case.id
        )
        self.queueing.queue(session, text)


def _tell(case_id: int, error: Exception) -> None:
    log.error("not_reassured", case_id=case_id, error=type(error).__name__)
