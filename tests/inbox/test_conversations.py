"""Whose conversation a text belongs to, and what of it is still remembered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.inbox.conversations import FORGOTTEN_AFTER, conversation_of, preferred_language
from bot.storage.conversations import Conversation, Message
from bot.storage.people import Contact, Guardian
from bot.storage.session import Database
from tests.conftest import FixedClock

PHONE = "+15105550178"


def arrive(database: Database, clock: FixedClock, number: int, language: str = "en") -> Conversation:
    """A text from the phone, matched to its conversation."""
    with database.write() as session:
        message = Message(
            channel="sms",
            provider_id=f"SM{number}",
            sender=PHONE,
            recipient="+1",
            body="x",
            received_at=clock.now(),
        )
        session.add(message)
        session.flush()
        return conversation_of(session, message, language=language)


def remember(database: Database, conversation: Conversation, **fields: object) -> None:
    """Give the conversation a state, a speaker …"""
    with database.write() as session:
        for name, value in fields.items():
            setattr(session.get_one(Conversation, conversation.id), name, value)


@pytest.fixture
def guardians(database: Database) -> list[int]:
    """Two guardians' contacts on one phone, in English and Spanish."""
    with database.write() as session:
        made = []
        for name, language in (("Ava", "en"), ("Guadalupe", "es")):
            guardian = Guardian(source_id=name, given_name=name, family_name="X", language=language)
            session.add(guardian)
            session.flush()
            contact = Contact(guardian_id=guardian.id, channel="sms", address=PHONE, language=language)
            session.add(contact)
            session.flush()
            made.append(contact.id)
        return made


def test_a_line_nobody_knows_is_answered_in_the_language_of_each_text(
    database: Database, clock: FixedClock
) -> None:
    assert arrive(database, clock, 1, "en").language == "en"
    assert arrive(database, clock, 2, "es").language == "es"


def test_two_texts_of_one_phone_are_one_conversation(database: Database, clock: FixedClock) -> None:
    assert arrive(database, clock, 1).id == arrive(database, clock, 2).id


def test_on_a_shared_phone_nobody_is_assumed_to_speak(
    database: Database, clock: FixedClock, guardians: list[int]
) -> None:
    assert arrive(database, clock, 1).contact_id is None


def test_the_speaker_of_a_shared_phone_and_what_was_said_are_forgotten_after_a_while(
    database: Database, clock: FixedClock, guardians: list[int]
) -> None:
    conversation = arrive(database, clock, 1)
    remember(database, conversation, contact_id=guardians[0], state={"last_said": ["Mason"]})
    clock.advance(FORGOTTEN_AFTER - timedelta(minutes=1))
    assert arrive(database, clock, 2).contact_id == guardians[0]
    clock.advance(FORGOTTEN_AFTER + timedelta(minutes=1))
    later = arrive(database, clock, 3)
    assert (later.contact_id, later.state) == (None, {})


def test_an_old_question_is_not_answered_by_a_new_text(database: Database, clock: FixedClock) -> None:
    conversation = arrive(database, clock, 1)
    remember(database, conversation, state={"asking": "what happened?"})
    clock.advance(timedelta(hours=1))
    assert arrive(database, clock, 2).state == {"asking": "what happened?"}
    clock.advance(timedelta(days=30))
    assert arrive(database, clock, 3).state == {}


def test_a_number_that_passes_to_somebody_else_starts_anew(
    database: Database, clock: FixedClock, guardians: list[int]
) -> None:
    conversation = arrive(database, clock, 1)
    remember(database, conversation, contact_id=guardians[0], state={"slots": {"child": 4}})
    with database.write() as session:
        session.get_one(Contact, guardians[0]).active = False
    after = arrive(database, clock, 2)
    assert (after.contact_id, after.state) == (guardians[1], {})


def test_the_language_on_file_is_chosen_and_a_strangers_is_a_guess(
    database: Database, clock: FixedClock, guardians: list[int]
) -> None:
    with database.write() as session:
        session.get_one(Contact, guardians[0]).active = False
        known = Message(
            channel="sms", provider_id="a", sender=PHONE, recipient="+1", body="", received_at=clock.now()
        )
        strange = Message(
            channel="sms",
            provider_id="b",
            sender="+15105550199",
            recipient="+1",
            body="",
            received_at=clock.now(),
        )
        assert preferred_language(session, known, fallback="en") == ("es", True)
        assert preferred_language(session, strange, fallback="en") == ("en", False)
