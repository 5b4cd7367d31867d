"""Cases: what the bot hands to people, with an owner, a due time and a reference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.school.business_hours import OfficeHours
from bot.school.case_owners import choose_owner, goes_to_author
from bot.school.policy import Policy
from bot.school.references import new_reference
from bot.storage.broadcast_replies import answered_broadcast
from bot.storage.cases import Case, CaseEvent, find_by_reference, last_of_kind
from bot.storage.conversations import Conversation, Turn
from bot.storage.people import Guardian, StaffMember, Student

BOT = "bot"
FAMILY = "family"
SAME_MATTER = timedelta(minutes=30)
"""A second message of the same kind within this time belongs to the same case."""


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """What a new case is about. `words` are the family's own, untouched."""

    kind: str
    words: str
    conversation: Conversation
    turn: Turn | None = None
    guardian: Guardian | None = None
    student: Student | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """By when the district answers: its policy in its own zone."""

    policy: Policy
    zone: ZoneInfo

    def due(self, now: datetime, *, urgent: bool) -> datetime:
        """When an answer is due. Urgent cases count real minutes, others office hours."""
        if urgent:
            return now + timedelta(minutes=self.policy.urgent_within_minutes)
        hours = OfficeHours(
            self.policy.office_opens, self.policy.office_closes, self.zone, self.policy.closed_days
        )
        return hours.add(now, timedelta(hours=self.policy.answer_within_hours))


def open_case(session: Session, request: CaseRequest, promise: Promise, now: datetime) -> Case:
    """A new case with an owner chosen by rule. A crisis is urgent.

    What may answer a broadcast names it, and goes to its author where the rule lets it.
    """
    urgent = request.kind == "crisis"
    line = request.conversation
    answered = answered_broadcast(session, line.channel, line.address, now)
    owner = choose_owner(session, request.kind, request.student, request.words)
    if (
        answered is not None
        and promise.policy.replies_to_author
        and goes_to_author(request.kind, answered.author)
    ):
        owner = answered.author
    case = Case(
        reference=new_reference(lambda reference: find_by_reference(session, reference) is not None),
        kind=request.kind,
        urgent=urgent,
        opened_at=now,
        due_at=promise.due(now, urgent=urgent),
        owner_id=owner.id if owner else None,
        guardian_id=request.guardian.id if request.guardian else None,
        student_id=request.student.id if request.student else None,
        conversation_id=request.conversation.id,
        turn_id=request.turn.id if request.turn else None,
        broadcast_id=answered.id if answered is not None else None,
        language=request.conversation.language,
        words=request.words,
    )
    session.add(case)
    session.flush()
    message_id = request.turn.message_id if request.turn else None
    session.add(CaseEvent(case_id=case.id, kind="opened", at=now, actor=BOT, message_id=message_id))
    return case


def same_matter(
    session: Session, request: CaseRequest, now: datetime, *, besides: Case | None = None
) -> Case | None:
    """The case this request continues: same conversation, kind and child, opened a moment ago; not `besides`."""
    since = now - SAME_MATTER
    case = last_of_kind(session, request.conversation.id, request.kind, since, besides=besides)
    student_id = request.student.id if request.student else None
    return case if case is not None and case.student_id == student_id else None


def add_message(session: Session, case: Case, words: str, turn: Turn | None, now: datetime) -> None:
    """The family wrote something more: it is kept with the case."""
    message_id = turn.message_id if turn else None
    event = CaseEvent(
        case_id=case.id, kind="message", at=now, actor=FAMILY, text=words, message_id=message_id
    )
    session.add(event)


def renew(session: Session, case: Case, promise: Promise, now: datetime) -> None:
    """An answered or closed case waits for people again: open, with a new due time."""
    if case.status == "open":
        return
    case.status = "open"
    case.closed_at = None
    case.due_at = promise.due(now, urgent=case.urgent)
    session.flush()


def owner_name(owner: StaffMember | None) -> str | None:
    """How an owner is named to a family."""
    return f"{owner.given_name} {owner.family_name}" if owner else None
