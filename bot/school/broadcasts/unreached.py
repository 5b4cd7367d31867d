"""A task for the office: a household whom a broadcast reached on none of its telephones."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.school.broadcasts.fallback import Decision
from bot.school.case_owners import choose_owner
from bot.school.cases import BOT, Promise
from bot.school.references import new_reference
from bot.storage.broadcasts import BroadcastRecipient
from bot.storage.cases import Case, CaseEvent, find_by_cause, find_by_reference
from bot.storage.people import Guardian, Student

KIND = "unreached"


def open_task(session: Session, decision: Decision, reason: str, promise: Promise, now: datetime) -> Case:
    """The task of a household for a broadcast: a new one, or the one that stands, with this number added.

    A household is who cares for the same child; of several the one with the lowest key counts.
    """
    recipient, child_id = decision.recipient, decision.family
    cause = f"{KIND}:{recipient.broadcast_id}:{child_id}"
    words = _words(session, decision, reason)
    case = find_by_cause(session, cause)
    if case is not None:
        session.add(CaseEvent(case_id=case.id, kind="note", at=now, actor=BOT, text=words))
        return case
    student = session.get(Student, child_id)
    owner = choose_owner(session, KIND, student)
    case = Case(
        reference=new_reference(lambda reference: find_by_reference(session, reference) is not None),
        kind=KIND,
        opened_at=now,
        due_at=promise.due(now, urgent=False),
        owner_id=owner.id if owner else None,
        guardian_id=recipient.guardian_id,
        student_id=child_id,
        broadcast_id=recipient.broadcast_id,
        cause=cause,
        language="en",
        words=words,
    )
    session.add(case)
    session.flush()
    session.add(CaseEvent(case_id=case.id, kind="opened", at=now, actor=BOT))
    return case


def _words(session: Session, decision: Decision, reason: str) -> str:
    """Who was not reached, about whom, on which numbers, and why the last one failed."""
    recipient, household = decision.recipient, decision.household
    tried, row = [], recipient
    while True:
        person = session.get_one(Guardian, row.guardian_id)
        tried.append(f"{person.given_name} {person.family_name}: {row.line.partition(':')[2]}")
        before = session.get(BroadcastRecipient, row.rescue_of) if row.rescue_of else None
        if before is None:
            break
        row = before
    children = ", ".join(child.name for child in household.children) if household else ""
    numbers = "\n".join(reversed(tried))
    return f"Broadcast {recipient.broadcast_id} reached nobody about {children}.\n{numbers} ({reason})"
