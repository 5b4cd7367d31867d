"""An answer that reached nobody makes its case wait for an answer again, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from bot.jobs.reopening import LOOK_BACK, Reopening
from bot.school.case_work import NOT_REACHED, close, record_reply
from bot.school.cases import CaseRequest, Promise, open_case
from bot.storage.cases import Case, CaseEvent
from bot.storage.deliveries import Delivery
from bot.storage.session import Database
from bot.storage.threads import find_authors
from tests import cast
from tests.conftest import FixedClock
from tests.flows.stage import POLICY, ZONE

PROMISE = Promise(POLICY, ZONE)


@pytest.fixture
def case_id(database: Database, clock: FixedClock) -> int:
    """A concern of Emma's."""
    with database.write() as session:
        people = cast.populate(session)
        line = cast.converse(session, cast.EMMA, clock.now())
        request = CaseRequest("concern", "he is hit", line, guardian=people.guardians["grd-00005-1"])
        return open_case(session, request, PROMISE, clock.now()).id


def answer(
    database: Database,
    clock: FixedClock,
    case_id: int,
    state: str = "failed",
    *,
    resend_of: int | None = None,
) -> int:
    """A member of staff answers, and this becomes of the text; its delivery."""
    with database.write() as session:
        count = session.query(Delivery).count()
        text = Delivery(dedupe_key=f"answer:{count}", kind="staff", channel="sms", recipient=cast.EMMA, language="en",
                        body="…", state=state, due_at=clock.now(), created_at=clock.now(), case_id=case_id,
                        resend_of=resend_of, resends=int(resend_of is not None),
                        reason="unreachable" if state == "failed" else None)  # fmt: skip
        session.add(text)
        session.flush()
        if resend_of is None:
            record_reply(session, session.get_one(Case, case_id), "office", ("…", text.id), clock.now())
        return text.id


def look(database: Database, clock: FixedClock, case_id: int) -> tuple[str, list[str]]:
    """The case's state after a tick, and what the bot did on it besides opening it."""
    Reopening(database, clock, PROMISE).reopen()
    with database.read() as session:
        done = select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.actor == "bot")
        events = session.scalars(done.where(CaseEvent.kind != "opened").order_by(CaseEvent.id))
        return session.get_one(Case, case_id).status, [event.text or event.kind for event in events]


LOST = [f"{NOT_REACHED} (unreachable)", "reopened"]


@pytest.mark.parametrize("closed", [False, True])
def test_the_case_is_open_again_with_a_new_due_time(
    database: Database, clock: FixedClock, case_id: int, closed: bool
) -> None:
    answer(database, clock, case_id)
    with database.write() as session:
        case = session.get_one(Case, case_id)
        due = case.due_at
        if closed:
            close(session, case, "office", clock.now())
    clock.advance(timedelta(days=1))
    assert look(database, clock, case_id) == ("open", LOST)
    with database.read() as session:
        assert session.get_one(Case, case_id).due_at > due


def test_the_note_does_not_make_the_bot_its_author(
    database: Database, clock: FixedClock, case_id: int
) -> None:
    lost = answer(database, clock, case_id)
    look(database, clock, case_id)
    with database.read() as session:
        assert find_authors(session, [lost]) == {lost: "office"}


def test_who_settles_it_then_is_not_asked_again(database: Database, clock: FixedClock, case_id: int) -> None:
    answer(database, clock, case_id)
    look(database, clock, case_id)
    with database.write() as session:
        close(session, session.get_one(Case, case_id), "office", clock.now())
    assert look(database, clock, case_id) == ("closed", LOST)


@pytest.mark.parametrize("state", ["queued", "sent", "delivered", "unresolved"])
def test_an_answer_that_arrived_or_may_still_do_so_settles_the_case(
    database: Database, clock: FixedClock, case_id: int, state: str
) -> None:
    answer(database, clock, case_id, state)
    assert look(database, clock, case_id) == ("answered", [])


def test_a_later_answer_that_arrived_settles_it_and_the_loss_is_noted(
    database: Database, clock: FixedClock, case_id: int
) -> None:
    answer(database, clock, case_id)
    answer(database, clock, case_id, "delivered")
    assert look(database, clock, case_id) == ("answered", LOST[:1])


def test_a_text_tried_again_counts_by_its_last_try(
    database: Database, clock: FixedClock, case_id: int
) -> None:
    first = answer(database, clock, case_id)
    again = answer(database, clock, case_id, "sent", resend_of=first)
    assert look(database, clock, case_id) == ("answered", [])
    with database.write() as session:
        session.execute(update(Delivery).where(Delivery.id == again).values(state="undelivered"))
    assert look(database, clock, case_id) == ("open", [NOT_REACHED, "reopened"])


def test_what_was_lost_long_ago_is_left(database: Database, clock: FixedClock, case_id: int) -> None:
    answer(database, clock, case_id)
    clock.advance(LOOK_BACK + timedelta(minutes=1))
    assert look(database, clock, case_id) == ("answered", [])


def test_one_that_cannot_be_noted_keeps_back_no_other(
    database: Database, clock: FixedClock, case_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = answer(database, clock, case_id)
    monkeypatch.setattr("bot.school.case_work.cases_with_lost_answer", lambda *_: 1 / 0)
    with capture_logs() as logged:
        assert look(database, clock, case_id) == ("answered", [])
    assert [(entry["event"], entry["delivery_id"]) for entry in logged] == [("case_not_reopened", lost)]
