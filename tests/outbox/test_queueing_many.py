"""Many says at once become the same rows as one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.model.dialogue import Say, Verbatim
from bot.outbox.gate import STOPPED
from bot.outbox.queueing import SEND_DELIVERY, SLEPT, OutgoingSay
from bot.school.consent import Will, stop
from tests.outbox.conftest import LINH, OMAR, Line, at

WILL = Will("STOP", "en", "message", "family")


def says(line: Line, *bodies: str, **changes: Any) -> list[OutgoingSay]:
    """A say to Linh of each body."""
    usual: dict[str, Any] = {"channel": "sms", "recipient": LINH, "language": "en", "kind": "broadcast",
                             "priority": -2, "broadcast_id": 5, "now": line.clock.now()}  # fmt: skip
    return [
        OutgoingSay(say=Say((Verbatim(body),)), dedupe_key=f"broadcast:5:{number}", **{**usual, **changes})
        for number, body in enumerate(bodies, 1)
    ]


def queue(line: Line, outgoing: list[OutgoingSay]) -> dict[str, int]:
    with line.database.write() as session:
        return dict(line.queueing.queue_many(session, outgoing))


def columns(line: Line) -> list[dict[str, Any]]:
    kept = [vars(row) for row in line.rows()]
    return [{name: value for name, value in row.items() if not name.startswith("_")} for row in kept]


def test_the_rows_are_those_of_one_by_one(any_line: Line) -> None:
    line = any_line
    outgoing = says(line, "Hello.", "x" * 1700, expires_at=line.clock.now() + timedelta(days=1))
    stored = queue(line, outgoing)
    many, jobs = columns(line), list(line.jobs.jobs)
    with line.database.write() as session:
        session.query(type(line.rows()[0])).delete()
        for one in outgoing:
            line.queueing.queue(session, one)
    alone = columns(line)
    assert [row["dedupe_key"] for row in many] == ["broadcast:5:1", "broadcast:5:2", "broadcast:5:2/2"]
    for row in (*many, *alone):
        row.pop("id")
    assert many == alone
    assert set(stored) == {"broadcast:5:1", "broadcast:5:2", "broadcast:5:2/2"}
    assert [job[0] for job in jobs] == [SEND_DELIVERY] * 3


def test_a_cause_that_was_queued_before_gives_back_its_row(any_line: Line) -> None:
    line = any_line
    first = queue(line, says(line, "one"))
    again = queue(line, says(line, "one", "two"))
    assert again["broadcast:5:1"] == first["broadcast:5:1"]
    assert [row.body for row in line.rows()] == ["one", "two"]
    assert len(line.jobs.jobs) == 2
    assert queue(line, []) == {}


@pytest.mark.parametrize("kind", ["broadcast", "urgent"])
def test_a_stopped_line_is_suppressed_and_the_others_are_not(any_line: Line, kind: str) -> None:
    line = any_line
    with line.database.write() as session:
        stop(session, "sms", LINH, WILL, line.clock.now())
    linh, omar = says(line, "to Linh", "to Omar", kind=kind)
    queue(line, [linh, *says(line, "", "to Omar", kind=kind, recipient=OMAR)[1:]])
    assert omar.dedupe_key == "broadcast:5:2"
    assert [(row.state, row.reason) for row in line.rows()] == [("suppressed", STOPPED), ("queued", None)]
    assert len(line.jobs.jobs) == 1


def test_after_a_stop_its_confirmation_is_not_barred(line: Line) -> None:
    with line.database.write() as session:
        stop(session, "sms", LINH, WILL, line.clock.now())
    queue(line, says(line, "You are out.", kind="consent"))
    assert [row.state for row in line.rows()] == ["queued"]


def test_routine_ones_wait_for_the_morning_or_expire_and_urgent_ones_leave(line: Line) -> None:
    at(line.clock, 22)
    queue(line, says(line, "routine"))
    queue(line, says(line, "", "stale", expires_at=line.clock.now() + timedelta(hours=1))[1:])
    queue(line, says(line, "", "", "urgent", kind="urgent")[2:])
    assert [(row.state, row.reason) for row in line.rows()] == [
        ("held", None),
        ("expired", SLEPT),
        ("queued", None),
    ]
