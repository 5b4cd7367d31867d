"""The console's way to a family's phone: the outbox, like everything that leaves."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.console.services import Leaving, StaffText
from bot.model.dialogue import PersonText, Say
from bot.model.ports import Clock
from bot.outbox.queueing import OutgoingSay, Queueing
from bot.school.broadcasts.trying import TrialText
from bot.storage.conversations import Conversation
from bot.storage.delivery_rows import DeliveryRow, find_by_key

SMS = "sms"


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """Queues what staff write as deliveries of kind "staff": not at night, never after a STOP."""

    queueing: Queueing
    clock: Clock

    def preview(self, session: Session, conversation: Conversation, text: StaffText) -> Leaving:
        """What would happen to the text; changes nothing."""
        prospect = self.queueing.preview(session, self._outgoing(conversation, text))
        return Leaving(
            body=prospect.rendered.body,
            translated=prospect.rendered.original is not None,
            segments=prospect.rendered.segments,
            state=prospect.fate.state,
            due_at=prospect.fate.due_at,
            reason=prospect.fate.reason,
        )

    def knows(self, session: Session, conversation: Conversation, text: StaffText) -> bool:
        """Whether this very text was queued before."""
        return find_by_key(session, self._outgoing(conversation, text).dedupe_key) is not None

    def send(self, session: Session, conversation: Conversation, text: StaffText) -> DeliveryRow | None:
        """Queue the text in the caller's transaction; None when this very text was queued before."""
        if self.knows(session, conversation, text):
            return None
        return self.queueing.queue(session, self._outgoing(conversation, text)).delivery

    def send_trial(self, session: Session, trial: TrialText) -> DeliveryRow:
        """Queue the trial of a broadcast for a telephone of staff; the row of the first time when pressed twice."""
        outgoing = OutgoingSay(
            say=trial.say,
            kind=trial.say.kind,
            channel=SMS,
            recipient=trial.number,
            language=trial.language,
            dedupe_key=f"trial:{trial.once}",
            now=self.clock.now(),
            priority=1,
        )
        return self.queueing.queue(session, outgoing).delivery

    def _outgoing(self, conversation: Conversation, text: StaffText) -> OutgoingSay:
        return OutgoingSay.on(
            conversation,
            Say((PersonText(text.text, text.written_in),), kind="staff"),
            f"staff:{text.case_id}:{text.once}",
            self.clock.now(),
            kind="staff",
            case_id=text.case_id,
            priority=1,
        )
