"""Many rows claimed by one statement, under the rules of a single claim."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event

from bot.storage.bulk_claims import (
    Taken,
    claim_bulk,
    is_bulk_due,
    list_overtaken,
    list_unclear_bulk,
    store_taken,
)
from bot.storage.deliveries import NEVER, Delivery
from bot.storage.delivery_claims import Lease, claim_waiting, list_claimable, next_on_line, oldest_due
from bot.storage.session import Database
from bot.storage.silent_texts import list_silent
from tests.conftest import MONDAY_MORNING as NOW

MINUTE = timedelta(minutes=1)
MINE = Lease("me", NOW, NOW + MINUTE)


def delivery(number: int, **changes: Any) -> Delivery:
    """A text of a broadcast to a line of its own, due for a minute."""
    usual = {"dedupe_key": f"d{number}", "kind": "broadcast", "channel": "sms", "priority": -2,
             "recipient": f"+1510555{number:04d}", "language": "en", "body": "Snow.", "created_at": NOW,
             "due_at": NOW - MINUTE}  # fmt: skip
    return Delivery(**{**usual, **changes})


def add(database: Database, *rows: Delivery) -> list[int]:
    """Their keys."""
    with database.write() as session:
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def claim(database: Database, most: int = 64, lease: Lease = MINE) -> list[int]:
    """The keys of what a claim takes, in its order."""
    with database.write() as session:
        return [row.id for row in claim_bulk(session, lease, most)]


def test_a_claim_takes_what_is_due_the_most_urgent_first_then_the_longest_due(database: Database) -> None:
    young, old, urgent, later, reply, held = add(
        database,
        delivery(1),
        delivery(2, due_at=NOW - 2 * MINUTE),
        delivery(3, priority=-1),
        delivery(4, due_at=NOW + MINUTE),
        delivery(5, priority=0, kind="reply"),
        delivery(6, state="held"),
    )
    assert claim(database, 2) == [urgent, old]
    assert claim(database) == [young, held]
    assert claim(database) == []
    with database.read() as session:
        assert list_claimable(session, NOW, 10) == [reply]
        row = session.get_one(Delivery, old)
        assert (row.state, row.owner, row.lease_until, row.attempts) == ("sending", "me", NOW + MINUTE, 0)
        assert session.get_one(Delivery, later).state == "queued"


def test_one_text_a_line_until_it_is_sent(database: Database) -> None:
    first, second, other = add(database, delivery(1), delivery(2, recipient="+15105550001"), delivery(3))
    assert claim(database) == [first, other]
    assert claim(database) == []
    with database.write() as session:
        session.get_one(Delivery, first).state = "sent"
    assert claim(database) == [second]


def test_what_is_tried_again_in_a_moment_is_not_passed_by_its_own_kind(database: Database) -> None:
    add(database, delivery(1, attempts=1, due_at=NOW + MINUTE), delivery(2, recipient="+15105550001"))
    assert claim(database) == []


def test_two_at_once_never_take_the_same_row(database: Database) -> None:
    ids = add(database, *[delivery(number) for number in range(120)])
    together = Barrier(3, timeout=30)

    def take(number: int) -> list[int]:
        together.wait()
        found: list[int] = []
        while got := claim(database, 7, Lease(f"w{number}", NOW, NOW + MINUTE)):
            found += got
        return found

    with ThreadPoolExecutor(3) as pool:
        taken = [pool.submit(take, number) for number in range(3)]
        everything = sorted(key for one in taken for key in one.result(timeout=60))
    rest = claim(database)
    assert sorted(everything + rest) == ids


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite lets one writer in at a time
def test_a_claim_under_way_is_passed_over_by_the_next(database: Database) -> None:
    ids = add(database, *[delivery(number) for number in range(4)])
    with database.write() as session:
        first = [row.id for row in claim_bulk(session, MINE, 2)]
        assert (first, claim(database, 2)) == (ids[:2], ids[2:])


def test_due_means_that_a_claim_may_find_something_and_unclear_ones_stand_apart(database: Database) -> None:
    def due() -> bool:
        with database.read() as session:
            return is_bulk_due(session, NOW)

    add(database, delivery(1, state="held", due_at=NEVER), delivery(2, priority=0), delivery(3, state="sent"))
    assert not due()
    (unclear,) = add(database, delivery(4, state="sending", lease_until=NOW))
    with database.read() as session:
        assert list_unclear_bulk(session, NOW, 10) == [unclear]
        assert list_unclear_bulk(session, NOW - MINUTE, 10) == []
    add(database, delivery(5, priority=-7))
    assert due()


def test_results_are_stored_where_the_row_still_stands_as_it_was_claimed(database: Database) -> None:
    mine, passed_on, again, reported = add(
        database,
        delivery(1, state="sending", owner="me", attempts=1),
        delivery(2, state="sending", owner="other", attempts=1),
        delivery(3, state="sending", owner="me", attempts=2),
        delivery(4, state="delivered", provider_id="SM4", attempts=1),
    )
    taken = [
        Taken(key, 1, "sms", f"SM{number}")
        for number, key in enumerate((mine, passed_on, again, reported), 1)
    ]
    with database.write() as session:
        assert not store_taken(session, "me", taken, NOW)
        assert list_overtaken(session, taken) == {mine, reported}
        assert not store_taken(session, "me", taken[:1], NOW), "it was stored already"
    with database.read() as session:
        states = [session.get_one(Delivery, key).state for key in (mine, passed_on, again, reported)]
        row = session.get_one(Delivery, mine)
        assert (row.provider_id, row.sent_at, row.owner, row.lease_until) == ("SM1", NOW, None, None)
    assert states == ["sent", "sending", "sending", "delivered"]


def test_all_stored_is_said_so(database: Database) -> None:
    ids = add(database, *[delivery(n, state="sending", owner="me", attempts=1) for n in range(3)])
    with database.write() as session:
        assert store_taken(session, "me", [Taken(key, 1, "sms", f"SM{key}") for key in ids], NOW)


def test_no_question_of_the_sender_reads_more_than_its_part_of_an_index(sqlite_database: Database) -> None:
    """A plan that reads the whole table, or all that waits, would cost more with every text ever sent."""
    asked: list[tuple[str, Any]] = []

    @event.listens_for(sqlite_database.engine, "before_cursor_execute")
    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    add(sqlite_database, delivery(1), delivery(2, priority=0))
    asked.clear()
    with sqlite_database.write() as session:
        claim_bulk(session, MINE, 64)
        is_bulk_due(session, NOW)
        list_claimable(session, NOW, 10)
        claim_waiting(session, 2, MINE)
        next_on_line(session, "sms", "+15105550001", NOW)
        session.scalar(oldest_due(NOW))
        list_silent(session, 0, (NOW - MINUTE, NOW), 20)
    event.remove(sqlite_database.engine, "before_cursor_execute", note)
    questions = [one for one in asked if "deliveries" in one[0]]
    assert len(questions) >= 10
    with sqlite_database.engine.connect() as connection:
        for statement, values in questions:
            plan = connection.exec_driver_sql(f"explain query plan {statement}", values).all()
            steps = [row[-1] for row in plan if "deliveries" in row[-1]]
            assert steps and all(step.startswith("SEARCH") for step in steps), (statement, steps)
