"""The way from the console to a family's phone: rendered, checked and queued like everything else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.console.services import Leaving, StaffText
from bot.model.dialogue import PersonText, Say
from bot.model.ports import Clock
from bot.outbox.queueing import OutgoingSay, Queueing
from bot.storage.conversations import Conversation
from bot.storage.deliveries import Delivery


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """FamilyLine over the outbox."""

    queueing: Queueing
    clock: Clock

    def preview(self, session: Session, conversation: Conversation, text: StaffText) -> Leaving:
        """What would happen to the text; changes nothing."""
        prospect = self.queueing.preview(session, self._outgoing(conversation, text))
        rendered = prospect.rendered
        translated = rendered.original is not None and rendered.original not in rendered.body
        return Leaving(rendered.body, translated, rendered.segments, prospect.state, prospect.due_at)

    def send(self, session: Session, conversation: Conversation, text: StaffText) -> Delivery:
        """Queue the text as a delivery of kind "staff" in the caller's transaction."""
        return self.queueing.queue(session, self._outgoing(conversation, text)).delivery

    def _outgoing(self, conversation: Conversation, text: StaffText) -> OutgoingSay:
        return OutgoingSay(
            say=Say((PersonText(text.text, text.written_in),), kind="staff"),
            kind="staff",
            channel=conversation.channel,
            recipient=conversation.address,
            language=conversation.language,
            dedupe_key=f"staff:{text.once}",
            now=self.clock.now(),
            conversation_id=conversation.id,
            contact_id=conversation.contact_id,
            case_id=text.case_id,
            priority=1,
        )
