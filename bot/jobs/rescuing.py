"""The clock's part for those whom a broadcast did not reach: one fallback a failure, each in its own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.jobs.broadcasting import Broadcasting
from bot.jobs.one_by_one import one_by_one
from bot.school.broadcasts import fallback
from bot.school.broadcasts.fallback import Decision
from bot.school.broadcasts.rows import Helping, address
from bot.school.broadcasts.unreached import open_task
from bot.school.cases import Promise
from bot.storage.broadcast_rescues import Loss, list_losses

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Failures a tick takes on; the rest waits for the next one."""

LOOK_BACK = timedelta(days=1)
"""How long after a broadcast ended carriers may still report a failure that leads to anything."""


@dataclass(frozen=True, slots=True)
class Rescuing:
    """Everything the clock does for failed texts. `our_faults` are the carriers' error numbers that say nothing
    about the family's number: our account, our sender, the text itself."""

    broadcasting: Broadcasting
    promise: Promise
    our_faults: frozenset[int]

    def rescue(self) -> None:
        """Tick: decide for every text that failed for good. One that fails keeps back no other."""
        now = self.broadcasting.clock.now()
        with self.broadcasting.database.read() as session:
            losses = list_losses(session, now, now - LOOK_BACK, AT_ONCE)
        one_by_one(losses, self._rescue, _tell)

    def _rescue(self, loss: Loss) -> None:
        with self.broadcasting.database.write() as session:
            self._decide(session, loss)

    def _decide(self, session: Session, loss: Loss) -> None:
        now = self.broadcasting.clock.now()
        today = now.astimezone(self.broadcasting.zone).date()
        decision = fallback.decide(session, loss, today, now)
        if decision is None:
            return
        recipient, household = decision.recipient, decision.household
        recipient.rescue = fallback.NONE if self._is_ours(loss) else decision.kind
        if household is None or recipient.rescue in (fallback.NONE, fallback.REACHED):
            return
        if recipient.rescue == fallback.TASK:
            open_task(session, decision, loss.reason, self.promise, now)
        else:
            self._text(session, decision)

    def _text(self, session: Session, decision: Decision) -> None:
        household = decision.household
        if household is None:
            return
        row = fallback.add_rescue(session, decision, household)
        to = address(row.id, household, decision.content)
        self.broadcasting.queue(session, Helping(decision.content, [to], ()), self.broadcasting.clock.now())

    def _is_ours(self, loss: Loss) -> bool:
        """Whether the failure says nothing about the number. A refusal without a number is the carrier's own."""
        return loss.code in self.our_faults or (loss.code is None and loss.state == "failed")


def _tell(loss: Loss, error: Exception) -> None:
    if isinstance(error, IntegrityError):
        log.info("rescued_elsewhere", recipient_id=loss.recipient_id)
    else:
        log.error("rescue_failed", recipient_id=loss.recipient_id, error=type(error).__name__)
