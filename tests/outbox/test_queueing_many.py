"""Many says at once become the same rows as one by one."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from bot.model.dialogue import Say, Verbatim
from bot.outbox.gate import STOPPED
from bot.outbox.letters import Reader
from bot.outbox.queueing import SLEPT, Mailing, OutgoingSay
from bot.school.consent import Will, stop
from bot.storage.deliveries import Delivery
from bot.storage.delivery_batches import Person
from tests.outbox.conftest import LINH, OMAR, Line, at, queue_all

WILL = Will("STOP", "en", "message", "family")


def readers(*bodies: str, first: int = 1, recipient: str = LINH) -> list[Reader]:
    """A text to Linh, or another, of each body, of causes numbered from `first`."""
    return [
        Reader(Say((Verbatim(body),)), "en", Person(f"broadcast:5:{number}", "sms", recipient))
        for number, body in enumerate(bodies, first)
    ]


def mailing(line: Line, kind: str = "broadcast", expires_in: timedelta | None = None) -> Mailing:
    now = line.clock.now()
    expires_at = None if expires_in is None else now + expires_in
    return Mailing(kind=kind, now=now, broadcast_id=5, expires_at=expires_at, priority=-2)


def outgoing(reader: Reader, common: Mailing) -> OutgoingSay:
    """The same as one message."""
    return OutgoingSay(say=reader.say, language=reader.language, **reader.person._asdict(), **asdict(common))


def queue(line: Line, to: list[Reader], **common: Any) -> None:
    queue_all(line, mailing(line, **common), to)


def columns(line: Line) -> list[dict[str, Any]]:
    kept = [vars(row) for row in line.rows()]
    return [{name: value for name, value in row.items() if not name.startswith("_")} for row in kept]


def test_the_rows_are_those_of_one_by_one(any_line: Line) -> None:
    line = any_line
    to, day = readers("Hello.", "x" * 1700), timedelta(days=1)
    queue(line, to, expires_in=day)
    many = columns(line)
    assert line.jobs.jobs == [], "the sweep brings them"
    with line.database.write() as session:
        session.query(Delivery).delete()
        for one in to:
            line.queueing.queue(session, outgoing(one, mailing(line, expires_in=day)))
    alone = columns(line)
    assert [row["dedupe_key"] for row in many] == ["broadcast:5:1", "broadcast:5:2", "broadcast:5:2/2"]
    for row in (*many, *alone):
        row.pop("id")
    assert many == alone


def test_a_cause_that_was_queued_before_is_not_queued_again(any_line: Line) -> None:
    line = any_line
    queue(line, readers("one"))
    queue(line, readers("one more", "two"))
    assert [row.body for row in line.rows()] == ["one", "two"]
    queue(line, [])
    assert len(line.rows()) == 2


def test_those_who_read_the_same_get_rows_of_their_own(any_line: Line) -> None:
    line = any_line
    say = Say((Verbatim('«Grüße» {"a"} 你好'),))
    people = [Person(f"broadcast:5:{at}", "sms", to, None) for at, to in enumerate((LINH, OMAR))]
    queue(line, [Reader(say, "en", person) for person in people])
    assert [(row.recipient, row.body) for row in line.rows()] == [
        (LINH, '«Grüße» {"a"} 你好'),
        (OMAR, '«Grüße» {"a"} 你好'),
    ]


def test_a_stop_counts_also_when_the_texts_were_written_before(any_line: Line) -> None:
    line, common = any_line, mailing(any_line)
    with line.database.read() as session:
        post = line.queueing.write_many(session, common.kind, readers("to Linh"))
    with line.database.write() as session:
        stop(session, "sms", LINH, WILL, line.clock.now())
    with line.database.write() as session:
        line.queueing.store_many(session, common, line.queueing.judge_many(session, common, post))
    assert [(row.state, row.reason) for row in line.rows()] == [("suppressed", STOPPED)]


@pytest.mark.parametrize("kind", ["broadcast", "urgent"])
def test_a_stopped_line_is_suppressed_and_the_others_are_not(any_line: Line, kind: str) -> None:
    line = any_line
    with line.database.write() as session:
        stop(session, "sms", LINH, WILL, line.clock.now())
    queue(line, [*readers("to Linh"), *readers("to Omar", first=2, recipient=OMAR)], kind=kind)
    found = {row.body: (row.state, row.reason, row.finished_at) for row in line.rows()}
    assert found == {"to Linh": ("suppressed", STOPPED, line.clock.now()), "to Omar": ("queued", None, None)}


def test_after_a_stop_its_confirmation_is_not_barred(line: Line) -> None:
    with line.database.write() as session:
        stop(session, "sms", LINH, WILL, line.clock.now())
    queue(line, readers("You are out."), kind="consent")
    assert [row.state for row in line.rows()] == ["queued"]


def test_routine_ones_wait_for_the_morning_or_expire_and_urgent_ones_leave(any_line: Line) -> None:
    line = any_line
    at(line.clock, 22)
    queue(line, readers("routine"))
    queue(line, readers("stale", first=2), expires_in=timedelta(hours=1))
    queue(line, readers("urgent", first=3), kind="urgent")
    assert [(row.state, row.reason) for row in line.rows()] == [
        ("held", None),
        ("expired", SLEPT),
        ("queued", None),
    ]
