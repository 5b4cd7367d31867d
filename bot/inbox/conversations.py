"""Whose conversation a message belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from bot.storage.conversations import Conversation, Message
from bot.storage.people import Contact, list_contacts

FORGOTTEN_AFTER = timedelta(hours=12)
"""After this long a text begins anew: an old question is not answered by it, and on a shared phone
somebody else may be writing."""


# Every turn asks these: built once.
_ON_LINE = (Conversation.channel == bindparam("line_channel")) & (
    Conversation.address == bindparam("line_address")
)
_OF_LINE = select(Conversation).where(_ON_LINE)
_BELONGS = (
    update(cast(Table, Message.__table__))
    .where(Message.id == bindparam("of_message"))
    .values(conversation_id=bindparam("belongs_to"))
)
_LANGUAGE_OF_LINE = select(Conversation.language, Conversation.contact_id).where(_ON_LINE)


def conversation_of(session: Session, message: Message, *, language: str) -> Conversation:
    """The conversation of the message's line: found, or opened.

    One guardian on the line: the speaker is known. Several: nobody is assumed, and the speaker of an
    earlier day is forgotten, with all that was said to them. A line nobody knows gets no contact, and
    answers in the `language` of its text.
    """
    contacts = list_contacts(session, message.channel, message.sender)
    line = {"line_channel": message.channel, "line_address": message.sender}
    conversation = session.scalar(_OF_LINE, line)
    if conversation is None:
        conversation = Conversation(
            channel=message.channel,
            address=message.sender,
            our_address=message.recipient,
            language=_common_language(contacts) or language,
            state={},
            with_staff=False,
            created_at=message.received_at,
        )
        session.add(conversation)
    _settle_speaker(conversation, contacts, message.received_at)
    if conversation.contact_id is None:
        conversation.language = language
    conversation.our_address = message.recipient
    conversation.last_inbound_at = message.received_at
    if conversation in session.new:  # else what changed here goes with what the turn changes
        session.flush()
    here = {"of_message": message.id, "belongs_to": conversation.id}
    session.connection().execute(_BELONGS, here)
    set_committed_value(message, "conversation_id", conversation.id)
    return conversation


def preferred_language(session: Session, message: Message, *, fallback: str) -> tuple[str, bool]:
    """The language a line is answered in, and whether a guardian's file or wish says so (else it is a guess)."""
    line = {"line_channel": message.channel, "line_address": message.sender}
    stored = session.connection().execute(_LANGUAGE_OF_LINE, line).first()
    if stored is not None:
        return stored.language, stored.contact_id is not None
    common = _common_language(list_contacts(session, message.channel, message.sender))
    return (common, True) if common else (fallback, False)


def _common_language(contacts: Sequence[Contact]) -> str | None:
    languages = {contact.language for contact in contacts}
    return languages.pop() if len(languages) == 1 else None


def _settle_speaker(conversation: Conversation, contacts: Sequence[Contact], now: datetime) -> None:
    """Who writes now. What was said to somebody else, or long ago, is no part of this conversation."""
    before, last = conversation.contact_id, conversation.last_inbound_at
    old = last is not None and now - last > FORGOTTEN_AFTER
    if len(contacts) == 1:
        if before is None and last is None:
            conversation.language = contacts[0].language
        conversation.contact_id = contacts[0].id
    elif old or before not in {contact.id for contact in contacts}:
        conversation.contact_id = None
    if old or (before is not None and before != conversation.contact_id):
        conversation.state = {}
