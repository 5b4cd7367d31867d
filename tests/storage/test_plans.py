"""Questions whose answer must not take longer the more texts a district has sent, or has waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from bot.storage.bulk_claims import claim_bulk
from bot.storage.cases import list_asked
from bot.storage.deliveries import Delivery, list_open_resends
from bot.storage.delivery_claims import Lease, claim_waiting
from bot.storage.lost_deliveries import last_try, list_lost_answers
from bot.storage.replies_under_way import is_reply_under_way
from bot.storage.rests import habits_by_line
from bot.storage.session import Database
from bot.storage.waiting_texts import Addressed, list_children, reminders_off, still_there
from tests.conftest import MONDAY_MORNING
from tests.databases import EmptyPostgres

LEASE = Lease("me", MONDAY_MORNING, MONDAY_MORNING + timedelta(minutes=1))


@pytest.fixture
def postgresql_database(empty_postgres: EmptyPostgres) -> Iterator[Database]:
    """A PostgreSQL database without the rows that earlier tests deleted: plans go by the size of files."""
    made = empty_postgres.fresh(anew=True)
    yield made
    made.close()


def plans(database: Database, ask: Callable[[Session], object]) -> str:
    """How the database goes about each statement of a question, at the moment it is asked."""
    word, found = "EXPLAIN QUERY PLAN" if database.embedded else "EXPLAIN", []

    def explain(_connection: Any, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if not statement.startswith("SET"):
            beside = cursor.connection.cursor()
            beside.execute(f"{word} {statement}", values)
            found.extend(row[-1] for row in beside.fetchall())

    with database.write() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", explain)
        ask(session)
        event.remove(connection, "before_cursor_execute", explain)
    return "\n".join(found)


def queue_unnoticed(database: Database, texts: int) -> None:
    """A broadcast that waits, while PostgreSQL's statistics still say that all texts have been sent."""
    row = {"kind": "broadcast", "channel": "sms", "language": "en", "body": "Snow.", "priority": -2,
           "due_at": MONDAY_MORNING, "created_at": MONDAY_MORNING}  # fmt: skip
    for state, count in (("delivered", 500), ("queued", texts)):
        rows = [
            {**row, "dedupe_key": f"{state}:{n}", "recipient": f"+1510{n}", "state": state}
            for n in range(count)
        ]
        with database.write() as session:
            session.execute(insert(Delivery), rows)
            if state == "delivered":
                session.execute(text("ANALYZE"))


@pytest.mark.parametrize("ask", [list_open_resends, last_try])
def test_further_tries_of_a_text_are_found_by_index(database: Database, ask: Callable[..., Any]) -> None:
    queue_unnoticed(database, 200)
    with database.write() as session:
        session.execute(text("ANALYZE"))

    def asked(session: Session) -> None:
        if not database.embedded:  # a few rows it would rather read whole
            session.execute(text("SET LOCAL enable_seqscan = off"))
        ask(session, 7)

    assert "ix_deliveries_resend_of" in plans(database, asked)


def test_a_lane_takes_what_waits_in_the_order_of_its_index(database: Database) -> None:
    queue_unnoticed(database, 200)
    taken: list[int] = []
    plan = plans(database, lambda session: taken.extend(row.id for row in claim_bulk(session, LEASE, 20)))
    assert taken == list(range(501, 521))
    assert "ix_deliveries_bulk" in plan
    assert "Sort" not in plan and "B-TREE FOR ORDER BY" not in plan


def test_what_is_in_the_way_is_looked_up_and_not_joined(database: Database) -> None:
    queue_unnoticed(database, 200)
    lane = plans(database, lambda session: claim_bulk(session, LEASE, 20))
    single = plans(database, lambda session: claim_waiting(session, 600, LEASE))
    assert "Anti Join" not in lane + single


def test_whether_a_reply_is_under_way_is_two_looks_into_indexes(database: Database) -> None:
    queue_unnoticed(database, 200)

    def asked(session: Session) -> None:
        if not database.embedded:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        assert not is_reply_under_way(session, MONDAY_MORNING)

    plan = plans(database, asked)
    assert "ix_deliveries_due" in plan and "ix_turns" in plan


def test_the_hours_of_a_few_lines_are_found_from_these_lines_on(database: Database) -> None:
    def asked(session: Session) -> None:
        if not database.embedded:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        habits_by_line(session, [("sms", "+15105550101")])

    plan = plans(database, asked)
    assert "SCAN contacts" not in plan and "SCAN guardians" not in plan and "Seq Scan on" not in plan
    assert "ix_contacts_line" in plan


def test_what_the_roster_says_of_waiting_texts_is_found_from_these_texts_on(database: Database) -> None:
    def asked(session: Session) -> None:
        if not database.embedded:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        for ask in (still_there, list_children, reminders_off):
            ask(session, [Addressed(1, 1, 1, 1)])

    plan = plans(database, asked)
    read_whole = [
        step for step in plan.splitlines() if step.startswith("SCAN") and "VIRTUAL TABLE" not in step
    ]
    assert "Seq Scan on" not in plan and not read_whole
    if database.embedded:  # which index PostgreSQL takes depends on how many rows it thinks there are
        assert "ix_broadcast_recipients_contact_id" in plan and "ix_contacts_line" in plan


def test_what_ticks_ask_about_cases_reads_neither_all_texts_nor_all_that_happened(database: Database) -> None:
    def asked(session: Session) -> None:
        if not database.embedded:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        list_lost_answers(session, MONDAY_MORNING, 200)
        list_asked(session, "asked", "told", (MONDAY_MORNING, MONDAY_MORNING))

    plan = plans(database, asked)
    assert not [step for step in plan.splitlines() if step.startswith("SCAN")] and "Seq Scan on" not in plan
    assert "ix_deliveries_lost" in plan and "ix_cases_status_due" in plan
    assert "ix_case_events_case_id" in plan
