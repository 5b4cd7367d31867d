"""A case has an owner, a due time and a reference from the moment it is opened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.model.errors import BadInput, NotFound, Taken
from bot.school import case_work
from bot.school.case_owners import choose_owner
from bot.school.cases import CaseRequest, Promise, add_message, open_case, owner_name, renew, same_matter
from bot.school.policy import Policy
from bot.storage.cases import Case, CaseEvent, find_by_reference, list_own
from bot.storage.conversations import Conversation
from bot.storage.deliveries import Delivery
from bot.storage.session import Database
from tests import cast
from tests.conftest import FixedClock

LA = ZoneInfo("America/Los_Angeles")
PROMISE = Promise(Policy(), LA)


def _open(session: Session, clock: FixedClock, kind: str = "concern", phone: str = cast.ANGEL) -> Case:
    people = cast.populate(session)
    line = cast.converse(session, phone, clock.now())
    turn = cast.say(session, line, "A mi hija la molestan en el autobús", clock.now())
    request = CaseRequest(
        kind, turn.message.body, line, turn, people.guardians["grd-00006-1"], people.students["stu-000008"]
    )
    return open_case(session, request, PROMISE, clock.now())


def _line(session: Session, case: Case) -> Conversation:
    return session.get_one(Conversation, case.conversation_id)


def _events(session: Session, case: Case) -> list[str]:
    return [e.kind for e in session.query(CaseEvent).filter_by(case_id=case.id).order_by(CaseEvent.id)]


def test_a_case_keeps_the_familys_own_words_and_language(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        case = _open(session, clock)
        assert case.words == "A mi hija la molestan en el autobús"
        assert case.language == "es"
        assert find_by_reference(session, case.reference) is case
        assert _events(session, case) == ["opened"]


def test_an_ordinary_case_is_due_within_office_hours_and_a_crisis_within_minutes(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        concern = _open(session, clock)
        assert concern.due_at == datetime(2026, 11, 18, 17, 0, tzinfo=UTC)  # Wednesday, 9:00 at the school
        assert not concern.urgent
        assert PROMISE.due(clock.now(), urgent=True) == clock.now() + timedelta(minutes=15)


def test_a_crisis_is_urgent(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        assert _open(session, clock, "crisis").urgent


@pytest.mark.parametrize(
    ("kind", "student", "owner"),
    [
        ("concern", "stu-000008", "staff-2-co"),
        ("crisis", "stu-000008", "staff-2-co"),
        ("complaint", "stu-000008", "staff-2-pr"),
        ("question", "stu-000008", "staff-admin"),
        ("concern", "stu-000006", "staff-3-pr"),  # that school has no counselor
        ("concern", None, "staff-admin"),
        ("complaint", None, "staff-admin"),
    ],
)
def test_the_owner_is_chosen_by_rule(database: Database, kind: str, student: str | None, owner: str) -> None:
    with database.write() as session:
        people = cast.populate(session)
        found = choose_owner(session, kind, people.students[student] if student else None)
        assert found is people.staff[owner]


def test_nobody_owns_a_case_where_no_staff_is_on_file(database: Database) -> None:
    with database.write() as session:
        assert choose_owner(session, "question", None) is None
        assert owner_name(None) is None


def test_a_second_message_on_the_same_matter_belongs_to_the_same_case(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        case = _open(session, clock)
        request = CaseRequest("concern", "y hoy otra vez", _line(session, case), None, None, case.student)
        clock.advance(timedelta(minutes=20))
        assert same_matter(session, request, clock.now()) is case
        add_message(session, case, request.words, None, clock.now())
        clock.advance(timedelta(minutes=20))
        assert same_matter(session, request, clock.now()) is None


def test_a_family_sees_its_own_open_cases_only(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        case = _open(session, clock)
        stranger = cast.converse(session, cast.STRANGER, clock.now())
        assert list(list_own(session, case.guardian_id, _line(session, case).id, 3)) == [case]
        assert list(list_own(session, None, stranger.id, 3)) == []
        assert list(list_own(session, None, _line(session, case).id, 3)) == []  # speaker not clear: nothing


def test_a_reply_marks_the_case_answered_and_silences_the_bot(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        case = _open(session, clock)
        delivery = Delivery(dedupe_key="s", kind="staff", channel="sms", recipient=cast.ANGEL, language="es", body="…",
                            due_at=clock.now(), created_at=clock.now())  # fmt: skip
        session.add(delivery)
        session.flush()
        case_work.record_reply(session, case, "casey", ("We will call you.", delivery.id), clock.now())
        assert case.status == "answered"
        assert case.acknowledged_at == clock.now()
        assert _line(session, case).with_staff
        case_work.return_to_bot(session, case, "casey", clock.now())
        assert not _line(session, case).with_staff
        case_work.return_to_bot(session, case, "casey", clock.now())
        assert _events(session, case) == ["opened", "reply", "returned"]


def test_an_answered_case_is_renewed_with_a_new_due_time(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        case = _open(session, clock)
        due = case.due_at
        clock.advance(timedelta(days=1))
        renew(session, case, PROMISE, clock.now())
        assert case.due_at == due  # still waiting: the first promise stands
        case.status = "answered"
        renew(session, case, PROMISE, clock.now())
        assert case.status == "open"
        assert case.due_at > due


def test_a_closed_case_frees_the_line_and_can_be_reopened(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        case = _open(session, clock)
        case_work.take_line(session, case, "casey", clock.now())
        case_work.take_line(session, case, "casey", clock.now())
        case_work.close(session, case, "casey", clock.now())
        case_work.close(session, case, "casey", clock.now())
        assert case.status == "closed"
        assert not _line(session, case).with_staff
        case_work.reopen(session, case, PROMISE, "casey", clock.now())
        case_work.reopen(session, case, PROMISE, "casey", clock.now())
        assert (case.status, case.closed_at) == ("open", None)
        assert _events(session, case) == ["opened", "taken", "closed", "reopened"]


def test_closing_one_case_does_not_free_a_line_another_case_holds(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        case = _open(session, clock)
        line = _line(session, case)
        line.with_staff, line.case_id = True, case.id + 1
        case_work.close(session, case, "casey", clock.now())
        assert line.with_staff


def test_an_alarm_is_acknowledged_once(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        case = _open(session, clock, "crisis")
        assert case_work.acknowledge(session, case, "casey", clock.now())
        assert not case_work.acknowledge(session, case, "terry", clock.now())
        assert _events(session, case) == ["opened", "acknowledged"]


def test_a_case_passes_to_another_owner_unless_somebody_was_faster(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        case = _open(session, clock)
        principal = choose_owner(session, "complaint", case.student)
        assert principal is not None
        case_work.assign(session, case, principal.id, "robin", clock.now())
        assert case.owner_id == principal.id
        session.execute(
            update(Case).where(Case.id == case.id).values(owner_id=None),
            execution_options={"synchronize_session": False},
        )
        with pytest.raises(Taken):
            case_work.assign(session, case, principal.id, "robin", clock.now())
        with pytest.raises(NotFound):
            case_work.assign(session, case, 99999, "robin", clock.now())


def test_a_note_is_kept_and_an_empty_one_refused(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        case = _open(session, clock)
        case_work.add_note(session, case, "casey", " called, no answer ", clock.now())
        with pytest.raises(BadInput):
            case_work.add_note(session, case, "casey", "  ", clock.now())
        assert session.query(CaseEvent).filter_by(kind="note").one().text == "called, no answer"
