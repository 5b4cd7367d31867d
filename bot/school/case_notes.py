"""Words that nobody asked for and that must not be lost: added to a case of a moment ago, or kept for the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.school.case_words import names_wrong_number
from bot.school.cases import BOT, CaseRequest, Promise, add_message, open_case
from bot.storage.cases import Case, CaseEvent, last_opened
from bot.storage.conversations import Conversation, Turn
from bot.storage.people import Guardian

STILL_OPEN = timedelta(minutes=15)
"""So long after a case was opened, a text that asks for nothing else belongs to it."""

LAST_WORDS = 3
"""More words than this say more than STOP."""

WRONG_NUMBER = "The person who answers says that this number is wrong. Please check it in the records."


@dataclass(frozen=True, slots=True)
class Word:
    """What was written, on which line and in which turn, and by whom (None: not clear)."""

    conversation: Conversation
    turn: Turn
    guardian: Guardian | None
    now: datetime

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.turn.message.body


def last_case(session: Session, word: Word) -> Case | None:
    """The case opened a moment ago on this line; None when there is none.

    On a shared telephone only a case of the same speaker, or of nobody known.
    """
    case = last_opened(session, word.conversation.id, word.now - STILL_OPEN)
    speaker = word.guardian.id if word.guardian else None
    return case if case is not None and case.guardian_id in (None, speaker) else None


def add_to_last_case(session: Session, word: Word) -> Case | None:
    """The case opened a moment ago on this line, with these words added; None when there is none."""
    case = last_case(session, word)
    if case is not None:
        add_message(session, case, word.text, word.turn, word.now)
    return case


def keep_for_office(session: Session, word: Word, promise: Promise) -> Case:
    """A case for the office with these words; one of a moment ago takes them in."""
    open_already = add_to_last_case(session, word)
    if open_already is not None:
        return open_already
    request = CaseRequest("person", word.text, word.conversation, word.turn, word.guardian)
    return open_case(session, request, promise, word.now)


def keep_last_words(session: Session, word: Word, promise: Promise) -> Case | None:
    """A case for the office when a STOP said more than that, or that the number is somebody else's."""
    wrong = names_wrong_number(word.text)
    if len(word.text.split()) <= LAST_WORDS and not wrong:
        return None
    case = keep_for_office(session, word, promise)
    if wrong:
        session.add(CaseEvent(case_id=case.id, kind="note", at=word.now, actor=BOT, text=WRONG_NUMBER))
    return case
