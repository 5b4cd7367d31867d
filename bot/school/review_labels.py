"""What staff say of the texts on the review list: what was meant, or that a text is of no use. All of it is audited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.model.errors import BadInput, NotFound, Taken
from bot.model.utterance import INTENTS
from bot.school.consent import said_stop
from bot.school.review import Finding, keep
from bot.storage.cases import Case, CaseEvent
from bot.storage.conversations import Conversation, Turn
from bot.storage.review_texts import ReviewText, Verdict, settle
from bot.storage.staff import AuditEvent, record_audit

FALSE_ALARM = "A false alarm: nobody is in danger."
"""The note on a case whose alarm was none."""


def label(session: Session, text_id: int, intent: str, actor: str, now: datetime) -> None:
    """Say what a text means. BadInput for a word that is no intent; Taken when somebody else was faster."""
    if intent not in INTENTS:
        raise BadInput(f"{intent!r} is none of the {len(INTENTS)} intents")
    _settle(session, text_id, Verdict("labelled", intent, actor, now), now, ("open",))


def dismiss(session: Session, text_id: int, actor: str, now: datetime) -> None:
    """Say that nothing can be learned from a text."""
    _settle(session, text_id, Verdict("dismissed", None, actor, now), now, ("open",))


def undo(session: Session, text_id: int, actor: str, now: datetime) -> None:
    """Put a text back on the list, as if nothing had been said of it."""
    _settle(session, text_id, Verdict("open", None, actor, None), now, ("labelled", "dismissed"))


def note_false_alarm(session: Session, case: Case, actor: str, now: datetime) -> bool:
    """The alarm of a crisis case was none: it is urgent no more, and the text it came from goes on the review list
    (but for a line that said STOP).

    False when that was said before, or the case is no alarm.
    """
    if case.kind != "crisis" or not case.urgent:
        return False
    case.urgent = False
    case.acknowledged_at = case.acknowledged_at or now
    session.add(CaseEvent(case_id=case.id, kind="note", at=now, actor=actor, text=FALSE_ALARM))
    line = session.get(Conversation, case.conversation_id) if case.conversation_id else None
    turn = session.get(Turn, case.turn_id) if case.turn_id else None
    if line is not None and turn is not None and not said_stop(session, line.channel, line.address):
        understood = turn.understood or {}
        guesses = [(name, share) for name, share in understood.get("ranking", ())]
        language = understood.get("written_in") or case.language
        keep(session, line, Finding(turn.message.body, language, "crisis_false_alarm", guesses), now)
    return True


def _settle(session: Session, text_id: int, verdict: Verdict, now: datetime, before: tuple[str, ...]) -> None:
    if session.get(ReviewText, text_id) is None:
        raise NotFound(f"no text {text_id} to review")
    if not settle(session, text_id, verdict, before=before):
        raise Taken(f"text {text_id} of the review list")
    record_audit(session, AuditEvent(
        at=now, actor=verdict.actor, deed=f"text_{verdict.status}", subject_kind="review_text", subject_id=text_id,
        detail={"label": verdict.label} if verdict.label else {},
    ))  # fmt: skip
