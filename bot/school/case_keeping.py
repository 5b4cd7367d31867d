"""Words for people while the family is still asked what they are about: a case at once, completed by the answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.school.case_notes import Word
from bot.school.case_owners import choose_owner
from bot.school.case_words import TOLD_IN, adds, says_enough
from bot.school.case_work import close
from bot.school.cases import (
    BOT,
    SAME_MATTER,
    CaseRequest,
    Promise,
    add_message,
    open_case,
    renew,
    same_matter,
)
from bot.school.said import children_said
from bot.storage.cases import Case, CaseEvent, find_note, last_of_kind, list_asked, list_noted
from bot.storage.conversations import Conversation
from bot.storage.people import Student

ASKED = "The family was asked for more and has not answered yet."
TOLD = "The bot has written it the reference."
LEFT = "The family was asked for more and went no further. Its last text:"
JOINED = "The family means the same as in"
WHICH = "It may be about:"
SEVERAL = "It is about all of these children:"
CORRECTED = "The family then named another child:"
INSTEAD = "Before, it was"

STILL_ASKED = timedelta(hours=12)
"""So long a family may go back to a question (bot/inbox/conversations.py)."""

SILENT = timedelta(minutes=30)
"""Who has not answered for so long has probably put the telephone away, and hears that the words arrived."""


def keep(
    session: Session,
    request: CaseRequest,
    held: Case | None,
    children: Sequence[Student],
    promise: Promise,
    now: datetime,
) -> Case:
    """The case that holds these words from now on: people get them even if the family never writes again.

    `held`: the one that has them so far; the same wish in new words joins the one that still waits.
    `children`: those it may be about.
    """
    case = held or unanswered(session, request, now)
    if case is None:
        case = open_case(session, request, promise, now)
    else:
        _take_words(session, case, request, now)
        _forget_asking(session, case)
        case.guardian_id = request.guardian.id if request.guardian else case.guardian_id
    names = ", ".join(map(full_name, children))
    session.add(_note(case, f"{ASKED} {WHICH} {names}" if names else ASKED, now))
    session.flush()
    return case


def unanswered(session: Session, request: CaseRequest, now: datetime) -> Case | None:
    """The case of the same person and kind that was kept a moment ago and still waits for the family's answer."""
    case = last_of_kind(session, request.conversation.id, request.kind, now - SAME_MATTER)
    speaker = request.guardian.id if request.guardian else None
    if case is None or case.guardian_id != speaker or find_note(session, case.id, ASKED) is None:
        return None
    return case


def complete(session: Session, case: Case, request: CaseRequest, promise: Promise, now: datetime) -> Case:
    """Put on a kept case what the family has answered. What continues a case of a moment ago joins that one."""
    _forget_asking(session, case)
    joined = same_matter(session, request, now, besides=case)
    _take_words(session, case, request, now)
    if joined is not None:
        add_message(session, joined, request.words, request.turn, now)
        renew(session, joined, promise, now)
        session.add(_note(case, f"{JOINED} {joined.reference}.", now))
        close(session, case, BOT, now)
        return joined
    if request.guardian is not None:
        case.guardian_id = request.guardian.id
    case.language = request.conversation.language
    put_child(session, case, request.student, kind=request.kind)
    renew(session, case, promise, now)
    return case


def leave(session: Session, word: Word, held: Collection[str]) -> Case | None:
    """The family goes no further with what it began to tell: the case stays, and staff read so. None where there is none.

    `held`: references of the cases it is still asked about.
    """
    speaker = word.guardian.id if word.guardian else None
    asked = list_noted(session, word.conversation.id, ASKED, word.now - STILL_ASKED)
    left = [case for case in asked if case.reference not in held and case.guardian_id == speaker]
    if not left:
        return None
    _forget_asking(session, left[0])
    session.add(_note(left[0], f"{LEFT} {word.text}", word.now))
    session.flush()
    return left[0]


def list_silent(session: Session, now: datetime) -> Sequence[int]:
    """Keys of the cases whose families were asked for more, went silent, and have not been told that people have them."""
    return list_asked(session, ASKED, TOLD, (now - STILL_ASKED, now - SILENT))


def tell_silent(session: Session, case_id: int) -> tuple[Case, Conversation] | None:
    """The case and the conversation to be told of it, noted as told. None where that is done, was answered meanwhile, or a
    person has taken over: then nothing is noted."""
    case = session.get(Case, case_id, with_for_update=True)
    conversation = session.get(Conversation, case.conversation_id) if case and case.conversation_id else None
    note = find_note(session, case_id, ASKED)
    if case is None or conversation is None or note is None or note.text.endswith(TOLD):
        return None
    if conversation.with_staff or case.status != "open":
        return None
    note.text = f"{note.text.removesuffix('.')}. {TOLD}"
    return case, conversation


def put_child(session: Session, case: Case, student: Student | None, *, kind: str) -> None:
    """The child and the kind of a case, and the owner the rule gives for them; an owner chosen by hand stays."""
    by_rule = choose_owner(session, case.kind, case.student, case.words)
    case.student, case.kind = student, kind
    if by_rule is not None and case.owner_id == by_rule.id:
        case.owner = choose_owner(session, kind, student, case.words)
    session.flush()


def correct_child(session: Session, case: Case, children: Sequence[Student], word: Word) -> None:
    """Put another child on a case that has just been opened, where a short text names it ("I meant Ava")."""
    named = children_said(children, word.text, None).ids
    others = [child for child in children if child.id in named and child.id != case.student_id]
    if case.kind not in TOLD_IN or len(others) != 1 or says_enough(word.text) or adds(word.text):
        return
    before = f" {INSTEAD} {full_name(case.student)}." if case.student else ""
    put_child(session, case, others[0], kind=case.kind)
    session.add(_note(case, f"{CORRECTED} {full_name(others[0])}.{before}", word.now))
    session.flush()


def by_school(children: Sequence[Student]) -> list[Sequence[Student]]:
    """The children of each school: every school hears of its own."""
    schools = dict.fromkeys(child.school_id for child in children)
    return [[child for child in children if child.school_id == school] for school in schools]


def name_all(session: Session, case: Case, children: Sequence[Student], now: datetime) -> None:
    """Tell staff of all the children a case is about, where they are several."""
    if len(children) > 1:
        session.add(_note(case, f"{SEVERAL} {', '.join(map(full_name, children))}", now))
        session.flush()


def full_name(student: Student) -> str:
    """How staff read a child's name."""
    return f"{student.given_name} {student.family_name}"


def _take_words(session: Session, case: Case, request: CaseRequest, now: datetime) -> None:
    """The request's words, where the case has not got them yet."""
    if request.words.startswith(case.words):
        case.words = request.words
        return
    known = select(CaseEvent.text).where(CaseEvent.case_id == case.id, CaseEvent.kind == "message")
    if request.words not in session.scalars(known).all():
        add_message(session, case, request.words, request.turn, now)


def _forget_asking(session: Session, case: Case) -> None:
    note = find_note(session, case.id, ASKED)
    if note is not None:
        session.delete(note)


def _note(case: Case, text: str, now: datetime) -> CaseEvent:
    return CaseEvent(case_id=case.id, kind="note", at=now, actor=BOT, text=text)
