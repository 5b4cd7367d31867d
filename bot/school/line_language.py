"""The language a line is written to: whoever speaks changes it, and the audit trail says so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.school.guardians import speaker_contact
from bot.school.language_offers import start_counting_anew
from bot.school.languages import OWN_NAMES
from bot.storage.conversations import Conversation
from bot.storage.staff import AuditEvent, record_audit


def prefer(session: Session, conversation: Conversation, tag: str, now: datetime, *, how: str) -> None:
    """Keep a family's wish for a language: for whoever speaks on a known line, for reminders and staff too.

    The line itself goes on in its language: see `speak`. `how`: "asked" or "offered", for the audit trail.
    """
    contact = speaker_contact(session, conversation)
    before = contact.language if contact else conversation.language
    if contact is not None and tag in OWN_NAMES:
        contact.language = tag
    record_audit(session, AuditEvent(
        at=now, actor="family", deed="change_language",
        subject_kind="contact" if contact else "conversation",
        subject_id=contact.id if contact else conversation.id,
        detail={"from": before, "to": tag, "how": how},
    ))  # fmt: skip


def speak(session: Session, conversation: Conversation, tag: str) -> None:
    """From now on the line is answered in this language."""
    conversation.language = tag
    start_counting_anew(conversation)
    session.flush()
