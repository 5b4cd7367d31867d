"""What the conversation may know of the family on its line before it says a word."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.model.dialogue import SlotValue
from bot.school.conferences import live_appointments
from bot.school.consent import said_stop
from bot.school.guardians import children_of, speaker
from bot.school.needs import fold
from bot.school.reminders import reminded_appointment
from bot.storage.conversations import Conversation
from bot.storage.people import Contact, Guardian, Student, list_contacts


@dataclass(frozen=True, slots=True)
class Family:
    """Who is on a line: all its guardians, the one who speaks (None: not clear), that one's children."""

    guardians: Sequence[Guardian]
    speaker: Guardian | None
    children: Sequence[Student]

    @property
    def ids(self) -> list[int]:
        """The keys of all guardians on the line."""
        return [guardian.id for guardian in self.guardians]


def family_of(session: Session, conversation: Conversation, now: datetime) -> Family:
    """The people on a conversation's line."""
    contacts = list_contacts(session, conversation.channel, conversation.address)
    guardians = list({contact.guardian_id: contact.guardian for contact in contacts}.values())
    who = speaker(session, conversation)
    return Family(guardians, who, children_of(session, who, now.date()) if who else [])


def facts_for(
    session: Session, conversation: Conversation, now: datetime, *, mode: str = "production"
) -> dict[str, SlotValue]:
    """All that flows read as `context.…`: keys and counts. No name leaves this function but the first names of
    the other adults on a shared telephone, by which the engine knows that another one is writing.

    `appointments_count` counts those of the speaker; of all on the line while it is not clear who speaks.
    """
    family = family_of(session, conversation, now)
    speaks = [family.speaker.id] if family.speaker else family.ids
    return {
        "contact_known": bool(family.guardians),
        "shared_line": len(family.guardians) > 1,
        "speaker_known": family.speaker is not None,
        "guardians_count": len(family.guardians),
        "children_count": len(family.children),
        "with_staff": conversation.with_staff,
        "opted_out": said_stop(session, conversation.channel, conversation.address),
        "appointments_count": len(live_appointments(session, speaks, now)),
        "reminded_appointment": reminded_appointment(session, family.ids, now),
        "language": conversation.language,
        "channel": conversation.channel,
        "mode": mode,
        "line_names": json.dumps(_others(family), ensure_ascii=False),
    }


def introduced_contact(session: Session, conversation: Conversation, text: str) -> Contact | None:
    """The one contact of this line whose first name stands in a text that says who is writing."""
    words = f" {fold(text)} "
    contacts = list_contacts(session, conversation.channel, conversation.address)
    found = [one for one in contacts if f" {fold(one.guardian.given_name)} " in words]
    return found[0] if len(found) == 1 else None


def _others(family: Family) -> list[str]:
    """First names on a shared telephone, without the speaker's own."""
    shared = len(family.guardians) > 1
    own = family.speaker.id if family.speaker else None
    return [guardian.given_name for guardian in family.guardians if shared and guardian.id != own]
