"""A family that goes silent while it is asked for more hears, once, that people have its words."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from bot.jobs.reassuring import Reassuring
from bot.outbox.queueing import Queueing
from bot.school.case_keeping import ASKED, SILENT, STILL_ASKED, TOLD, complete, keep, leave
from bot.school.case_notes import Word
from bot.school.cases import CaseRequest, Promise
from bot.school.consent import Will, stop
from bot.storage.cases import Case, CaseEvent
from bot.storage.conversations import Conversation
from bot.storage.deliveries import Delivery
from bot.storage.people import Student
from bot.storage.session import Database
from tests import cast
from tests.conftest import FixedClock
from tests.flows.stage import PHRASES, POLICY, ZONE
from tests.outbox.fakes import FakeQueue

PROMISE = Promise(POLICY, ZONE)
WORDS = "my son is being hit on the bus and nobody does anything"


@pytest.fixture
def people(database: Database) -> cast.Cast:
    with database.write() as session:
        return cast.populate(session)


def request(people: cast.Cast, line: Conversation, words: str = WORDS) -> CaseRequest:
    return CaseRequest("concern", words, line, guardian=people.guardians["grd-00005-1"])


def ask(database: Database, clock: FixedClock, people: cast.Cast, language: str = "en") -> str:
    """Emma has told of a concern, and is asked about which child; the case's reference."""
    with database.write() as session:
        line = cast.converse(session, cast.EMMA, clock.now(), language=language)
        case = keep(session, request(people, line), None, people_of(people), PROMISE, clock.now())
        return case.reference


def people_of(people: cast.Cast) -> list[Student]:
    return [people.students["stu-000006"], people.students["stu-000007"]]


def reassure(database: Database, clock: FixedClock) -> list[Delivery]:
    Reassuring(database, clock, Queueing(PHRASES, FakeQueue(), POLICY, ZONE)).reassure()
    with database.read() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def test_after_half_an_hour_of_silence_it_hears_the_reference_once(
    database: Database, clock: FixedClock, people: cast.Cast
) -> None:
    reference = ask(database, clock, people)
    clock.advance(SILENT - timedelta(minutes=1))
    assert reassure(database, clock) == []
    clock.advance(timedelta(minutes=1))
    (text,) = reassure(database, clock)
    assert reference in text.body and "will read your words" in text.body
    assert (text.recipient, text.kind, text.state, text.language) == (cast.EMMA, "reminder", "queued", "en")
    clock.advance(SILENT)
    assert len(reassure(database, clock)) == 1
    with database.read() as session:
        notes = session.scalars(select(CaseEvent.text).where(CaseEvent.kind == "note")).all()
    assert notes == [f"{ASKED} It may be about: Ava Brooks, Jayden Brooks. {TOLD}"]


def test_it_hears_so_in_its_own_language_and_not_in_the_night(
    database: Database, clock: FixedClock, people: cast.Cast
) -> None:
    clock.set(clock.now().astimezone(ZONE).replace(hour=23))
    ask(database, clock, people, "es")
    clock.advance(SILENT)
    (text,) = reassure(database, clock)
    assert (text.state, text.language) == ("held", "es")
    assert text.due_at.astimezone(ZONE).time() == time(8) and "Su referencia" in text.body


def test_who_answers_or_goes_another_way_is_not_told(
    database: Database, clock: FixedClock, people: cast.Cast
) -> None:
    ask(database, clock, people)
    with database.write() as session:
        case, line = session.query(Case).one(), session.query(Conversation).one()
        complete(session, case, request(people, line), PROMISE, clock.now())
    clock.advance(SILENT)
    assert reassure(database, clock) == []


def test_what_was_left_is_not_told_either(database: Database, clock: FixedClock, people: cast.Cast) -> None:
    ask(database, clock, people)
    with database.write() as session:
        line = session.query(Conversation).one()
        turn = cast.say(session, line, "never mind", clock.now())
        leave(session, Word(line, turn, people.guardians["grd-00005-1"], clock.now()), ())
    clock.advance(SILENT)
    assert reassure(database, clock) == []


@pytest.mark.parametrize("change", [{"with_staff": True}, {"last_inbound_at": None}], ids=str)
def test_who_talks_to_a_person_or_still_writes_is_left_alone(
    database: Database, clock: FixedClock, people: cast.Cast, change: dict[str, object]
) -> None:
    ask(database, clock, people)
    clock.advance(SILENT)
    with database.write() as session:
        now = {"last_inbound_at": clock.now()}
        session.execute(update(Conversation).values(now if "last_inbound_at" in change else change))
    assert reassure(database, clock) == []
    with database.read() as session:
        [note] = session.scalars(select(CaseEvent.text).where(CaseEvent.kind == "note"))
    assert TOLD not in note


def test_after_a_stop_nothing_is_told(database: Database, clock: FixedClock, people: cast.Cast) -> None:
    ask(database, clock, people)
    with database.write() as session:
        stop(session, "sms", cast.EMMA, Will("STOP", "en", "message", "family"), clock.now())
    clock.advance(SILENT)
    assert [text.state for text in reassure(database, clock)] == ["suppressed"]


def test_nobody_is_told_half_a_day_later(database: Database, clock: FixedClock, people: cast.Cast) -> None:
    ask(database, clock, people)
    clock.advance(STILL_ASKED + timedelta(minutes=1))
    assert reassure(database, clock) == []


def test_one_that_cannot_be_told_keeps_back_no_other(
    database: Database, clock: FixedClock, people: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(database, clock, people)
    clock.advance(SILENT)

    def broken(*_: object) -> None:
        raise ValueError(WORDS)

    monkeypatch.setattr("bot.jobs.reassuring.opened_say", lambda *_, **__: broken())
    with capture_logs() as logged:
        assert reassure(database, clock) == []
    assert [entry["event"] for entry in logged] == ["not_reassured"] and WORDS not in str(logged)
