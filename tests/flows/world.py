"""What may have happened before a transcript begins, and what may be asked about the database at any point of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.school import conferences, reminders
from bot.school.cases import CaseRequest, Promise, open_case
from bot.school.consent import Will, is_stopped, stop
from bot.school.guardians import children_of, teachers_of
from bot.storage.cases import Case, CaseEvent
from bot.storage.conferences import Appointment, Opening
from bot.storage.conversations import Conversation
from bot.storage.people import Contact
from bot.storage.reminders import list_due
from bot.storage.session import Database
from bot.storage.staff import AuditEvent
from bot.understanding.embedding import shared_embedder
from bot.understanding.loading import load_classifier
from tests import cast, cast_world
from tests.conftest import FixedClock
from tests.flows.stage import POLICY, ROOT, ZONE, Stage


def build_world(database: Database, clock: FixedClock) -> None:
    """The cast and all that surrounds it."""
    with database.write() as session:
        people = cast.populate(session)
        cast_world.add_openings(session, people, clock.now())
        cast_world.add_articles(session, clock.now())
        cast_world.add_services(session)


def set_stage(
    database: Database, clock: FixedClock, phone: str, given: list[str], language: str | None = None
) -> Stage:
    """A conversation on a line, after what happened before; in another language than the roster's if need be."""
    with database.write() as session:
        line = cast.converse(session, phone, clock.now(), language=language)
        for name in given:
            GIVEN[name](session, line, clock)
        return Stage(database, clock, line.id)


def use_trained_model(stage: Stage) -> None:
    """Understand texts and find answers as the product does."""
    stage.classifier, stage.embedder = load_classifier(ROOT / "models"), shared_embedder()
    assert stage.classifier.ready, stage.classifier.detail
    with stage.database.write() as session:
        cast_world.index_articles(session, stage.embedder, stage.clock.now())


def _book(session: Session, line: Conversation, clock: FixedClock) -> Appointment:
    """The family's first child, with its first teacher, in the last of that teacher's openings."""
    contact = session.query(Contact).filter_by(address=line.address).first()
    assert contact is not None
    child = children_of(session, contact.guardian, clock.now().date())[0]
    teacher = teachers_of(session, child)[0].staff
    openings = session.query(Opening).filter_by(staff_id=teacher.id).order_by(Opening.starts_at).all()
    booking = conferences.Booking(openings[-1].id, child.id, contact.guardian_id, "phone", line.id)
    return conferences.book(session, booking, POLICY, clock.now())


def _remind(session: Session, line: Conversation, clock: FixedClock) -> None:
    appointment = _book(session, line, clock)
    clock.set(appointment.opening.starts_at - timedelta(days=1))
    due = list_due(session, clock.now(), 100)
    assert any([reminders.claim(session, key, clock.now()) for key in due])


def _stop(session: Session, line: Conversation, clock: FixedClock) -> None:
    stop(session, line.channel, line.address, Will("STOP", line.language, "message", "family"), clock.now())


def _take_over(session: Session, line: Conversation, clock: FixedClock) -> None:
    request = CaseRequest("person", "Please call me.", line)
    case = open_case(session, request, Promise(POLICY, ZONE), clock.now())
    case.status = "answered"
    line.with_staff, line.case_id = True, case.id


def _take_all_openings(session: Session, line: Conversation, clock: FixedClock) -> None:
    session.query(Opening).delete()


GIVEN: Mapping[str, Callable[[Session, Conversation, FixedClock], Any]] = {
    "booked": _book,
    "reminded": _remind,
    "stopped": _stop,
    "taken_over": _take_over,
    "no_openings": _take_all_openings,
}


def _last_case(session: Session) -> Case:
    return session.query(Case).order_by(Case.id.desc()).first() or Case()


def _owner(session: Session) -> str | None:
    owner = _last_case(session).owner
    return f"{owner.given_name} {owner.family_name}" if owner else None


def _note(session: Session) -> str | None:
    """The last note on the last case."""
    notes = session.query(CaseEvent).filter_by(case_id=_last_case(session).id, kind="note")
    last = notes.order_by(CaseEvent.id.desc()).first()
    return last.text if last else None


def _last_appointment(session: Session) -> Appointment:
    return session.query(Appointment).order_by(Appointment.id.desc()).first() or Appointment()


PROBES: Mapping[str, Callable[[Session, Conversation], Any]] = {
    "cases": lambda session, line: session.query(Case).count(),
    "case_kind": lambda session, line: _last_case(session).kind,
    "case_words": lambda session, line: _last_case(session).words,
    "case_owner": lambda session, line: _owner(session),
    "case_child": lambda session, line: child.given_name if (child := _last_case(session).student) else None,
    "case_status": lambda session, line: _last_case(session).status,
    "case_messages": lambda session, line: session.query(CaseEvent).filter_by(kind="message").count(),
    "note": lambda session, line: _note(session),
    "absences": lambda session, line: [
        case.student.given_name if case.student else None
        for case in session.query(Case).filter_by(kind="absence").order_by(Case.id)
    ],
    "live": lambda session, line: (
        session.query(Appointment).filter(Appointment.status.in_(("booked", "confirmed"))).count()
    ),
    "status": lambda session, line: _last_appointment(session).status,
    "mode": lambda session, line: _last_appointment(session).mode,
    "interpreter": lambda session, line: _last_appointment(session).interpreter_language,
    "childcare": lambda session, line: _last_appointment(session).childcare,
    "transport": lambda session, line: _last_appointment(session).transport,
    "stopped": lambda session, line: is_stopped(session, line.channel, line.address),
    "language": lambda session, line: line.language,
    "wished": lambda session, line: session.query(Contact).filter_by(address=line.address).one().language,
    "language_changes": lambda session, line: (
        session.query(AuditEvent).filter_by(deed="change_language").count()
    ),
    "with_staff": lambda session, line: line.with_staff,
    "idle": lambda session, line: not line.state.get("stack"),
}
