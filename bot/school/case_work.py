"""What staff do with a case: answer, take, pass on, note, close, reopen, hand back to the bot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.model.errors import BadInput, NotFound, Taken
from bot.school.cases import BOT, Promise, renew
from bot.storage.cases import Case, CaseEvent, has_note_on
from bot.storage.conversations import Conversation
from bot.storage.deliveries import Delivery
from bot.storage.lost_answers import cases_with_lost_answer
from bot.storage.people import StaffMember

NOT_REACHED = "An answer did not reach the family. Please phone, or write in another way."


def record_reply(session: Session, case: Case, actor: str, reply: tuple[str, int], now: datetime) -> None:
    """A member of staff answered: `reply` is the text as written and the key of its delivery.

    From now on a person speaks on the family's line: the bot is silent until it is handed back.
    """
    text, delivery_id = reply
    _log(session, case, "reply", actor, now, text=text, delivery_id=delivery_id)
    case.status = "answered"
    case.closed_at = None
    case.acknowledged_at = case.acknowledged_at or now
    _hold_line(session, case)


def record_barred_reply(
    session: Session, case: Case, actor: str, reply: tuple[str, int], now: datetime
) -> None:
    """A member of staff tried to answer, but the text may not leave: the case still waits for an answer."""
    text, delivery_id = reply
    _log(session, case, "barred", actor, now, text=text, delivery_id=delivery_id)


def take_line(session: Session, case: Case, actor: str, now: datetime) -> None:
    """A person takes over the family's line: the bot keeps silent there. Taking it twice changes nothing."""
    if _hold_line(session, case):
        _log(session, case, "taken", actor, now)


def acknowledge(session: Session, case: Case, actor: str, now: datetime) -> bool:
    """Somebody has seen an alarm; False when somebody else had before."""
    query = update(Case).where(Case.id == case.id, Case.acknowledged_at.is_(None)).values(acknowledged_at=now)
    if session.scalars(query.returning(Case.id)).first() is None:
        return False
    case.acknowledged_at = now
    _log(session, case, "acknowledged", actor, now)
    return True


def assign(session: Session, case: Case, staff_id: int, actor: str, now: datetime) -> None:
    """Give a case to a member of staff. Taken when its owner changed since it was looked at."""
    staff = session.get(StaffMember, staff_id)
    if staff is None or not staff.active:
        raise NotFound(f"no active member of staff {staff_id}")
    query = update(Case).where(Case.id == case.id, Case.owner_id.is_not_distinct_from(case.owner_id))
    moved = session.scalars(
        query.values(owner_id=staff_id).returning(Case.id), execution_options={"synchronize_session": False}
    )
    if moved.first() is None:
        raise Taken(f"case {case.reference} was assigned to somebody else in the meantime")
    session.refresh(case)
    _log(session, case, "assigned", actor, now, text=f"{staff.given_name} {staff.family_name}")


def add_note(session: Session, case: Case, actor: str, text: str, now: datetime) -> None:
    """A note among staff; the family never sees it."""
    if not text.strip():
        raise BadInput("an empty note cannot be kept")
    _log(session, case, "note", actor, now, text=text.strip())


def close(session: Session, case: Case, actor: str, now: datetime) -> None:
    """The matter is settled. The bot speaks again on the family's line."""
    if case.status == "closed":
        return
    case.status = "closed"
    case.closed_at = now
    _log(session, case, "closed", actor, now)
    _free_line(session, case)


def reopen(session: Session, case: Case, promise: Promise, actor: str, now: datetime) -> None:
    """A closed case waits for an answer again, with a new due time."""
    if case.status != "closed":
        return
    renew(session, case, promise, now)
    _log(session, case, "reopened", actor, now)


def note_lost_answer(session: Session, answer_id: int, promise: Promise, now: datetime) -> bool:
    """An answer did not reach the family: staff read so on the case, which waits for an answer again unless a later one
    arrived. True when it was settled and does so now. Done once for each answer."""
    answer = session.get(Delivery, answer_id)
    case = session.get(Case, answer.case_id, with_for_update=True) if answer and answer.case_id else None
    if answer is None or case is None or has_note_on(session, case.id, answer_id):
        return False
    why = f" ({answer.reason})" if answer.reason else ""
    _log(session, case, "note", BOT, now, text=f"{NOT_REACHED}{why}", delivery_id=answer_id)
    if case.status == "open" or not cases_with_lost_answer(session, [case.id]):
        return False
    renew(session, case, promise, now)
    _log(session, case, "reopened", BOT, now)
    return True


def return_to_bot(session: Session, case: Case, actor: str, now: datetime) -> None:
    """The person steps back; the case stays as it is and the bot speaks again."""
    if _free_line(session, case):
        _log(session, case, "returned", actor, now)


def _hold_line(session: Session, case: Case) -> bool:
    """True when the line was not this case's already."""
    conversation = _conversation(session, case)
    if conversation is None or (conversation.with_staff and conversation.case_id == case.id):
        return False
    conversation.with_staff = True
    conversation.case_id = case.id
    session.flush()
    return True


def _free_line(session: Session, case: Case) -> bool:
    conversation = _conversation(session, case)
    if conversation is None or conversation.case_id != case.id:
        return False
    was_silent = conversation.with_staff
    conversation.with_staff = False
    conversation.case_id = None
    session.flush()
    return was_silent


def _conversation(session: Session, case: Case) -> Conversation | None:
    if case.conversation_id is None:
        return None
    return session.scalars(select(Conversation).where(Conversation.id == case.conversation_id)).one_or_none()


def _log(session: Session, case: Case, kind: str, actor: str, now: datetime, **more: Any) -> None:
    session.add(CaseEvent(case_id=case.id, kind=kind, at=now, actor=actor, **more))
    session.flush()
