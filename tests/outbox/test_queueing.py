"""From a say to a row: once, when it may, in pieces a carrier takes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model.delivery import DeliveryState
from bot.model.dialogue import Choice, Say, Verbatim
from bot.outbox.queueing import SEND_DELIVERY, OutgoingSay
from bot.school.consent import Will, start, stop
from tests.outbox.conftest import LINH, OMAR, Line, at

WILL = Will("ALTO", "es", "message", "family")


def test_a_row_holds_what_will_leave_and_what_caused_it(line: Line) -> None:
    delivery_id = line.queue("¿Mañana?", kind="reply", language="es", case_id=4, priority=2)
    row = line.row(delivery_id)
    assert (row.body, row.language, row.case_id, row.priority, row.segments) == ("¿Mañana?", "es", 4, 2, 1)
    assert (row.state, row.due_at, row.created_at) == ("queued", line.clock.now(), line.clock.now())


def test_the_runner_is_told_in_the_same_transaction(line: Line) -> None:
    delivery_id = line.queue()
    assert line.jobs.jobs == [(SEND_DELIVERY, delivery_id, f"sms:{LINH}", None)]
    later = line.clock.now() + timedelta(hours=2)
    planned = line.queue(due_at=later)
    assert line.jobs.jobs[1] == (SEND_DELIVERY, planned, f"sms:{LINH}", later)
    assert line.state(planned) == "queued"


def test_the_same_cause_never_makes_a_second_text(any_line: Line) -> None:
    line = any_line
    first = line.queue("one", dedupe_key="turn:1:1")
    assert line.queue("two", dedupe_key="turn:1:1") == first
    line.drain()
    assert line.channel.bodies == ["one"]
    assert len(line.jobs.jobs) == 1


@pytest.mark.parametrize("kind", ["staff", "reminder"])
def test_what_nobody_asked_for_waits_for_the_morning(line: Line, kind: str) -> None:
    at(line.clock, 22)
    delivery_id = line.queue(kind=kind)
    row = line.row(delivery_id)
    assert (row.state, row.due_at - line.clock.now()) == ("held", timedelta(hours=10))
    line.drain()
    assert line.channel.bodies == []
    line.clock.set(row.due_at)
    line.drain()
    assert line.channel.bodies == ["Hello."]


@pytest.mark.parametrize("kind", ["reply", "consent", "crisis", "alert"])
def test_answers_and_alarms_leave_at_any_hour(line: Line, kind: str) -> None:
    at(line.clock, 3)
    assert line.state(line.queue(kind=kind)) == "queued"


def test_a_reminder_that_would_be_stale_by_morning_is_dropped(line: Line) -> None:
    at(line.clock, 22)
    row = line.row(line.queue(kind="reminder", expires_at=line.clock.now() + timedelta(hours=8)))
    assert row.state == "expired" and row.reason is not None and row.finished_at is not None
    assert line.jobs.jobs == []


@pytest.mark.parametrize("kind", ["reply", "staff", "reminder"])
def test_after_a_stop_nothing_leaves_and_the_row_says_why(any_line: Line, kind: str) -> None:
    line = any_line
    with line.database.write() as session:
        stop(session, "sms", LINH, WILL, line.clock.now())
    row = line.row(line.queue(kind=kind))
    assert (
        row.state == "suppressed"
        and row.reason == "The family said STOP: nothing is sent until they text START."
    )
    assert line.state(line.queue(recipient=OMAR, kind=kind)) == "queued"
    with line.database.write() as session:
        start(session, "sms", LINH, WILL, line.clock.now())
    assert line.state(line.queue(kind=kind)) == "queued"


@pytest.mark.parametrize("kind", ["consent", "crisis", "alert"])
def test_the_confirmation_of_a_stop_and_help_in_danger_leave_all_the_same(line: Line, kind: str) -> None:
    with line.database.write() as session:
        stop(session, "sms", LINH, WILL, line.clock.now())
    assert line.state(line.queue(kind=kind)) == "queued"


def test_a_text_longer_than_a_carrier_takes_leaves_in_pieces_in_order(line: Line) -> None:
    line.queue(" ".join(["word"] * 700), dedupe_key="long")
    line.drain()
    bodies = line.channel.bodies
    assert len(bodies) == 3 and all(len(body) <= 1600 for body in bodies)
    assert " ".join(bodies).split() == ["word"] * 700
    assert [row.dedupe_key for row in line.rows()] == ["long", "long/2", "long/3"]


def test_labels_come_back_and_a_preview_changes_nothing(line: Line) -> None:
    at(line.clock, 22)
    choices = (Choice(1, Verbatim("Yes")), Choice(2, Verbatim("No")))
    outgoing = OutgoingSay(
        say=Say((Verbatim("Sure?"),), choices),
        channel="sms",
        recipient=LINH,
        language="en",
        dedupe_key="x",
        now=line.clock.now(),
        kind="staff",
    )
    with line.database.write() as session:
        prospect = line.queueing.preview(session, outgoing)
    assert (prospect.fate.state, prospect.rendered.body) == (DeliveryState.HELD, "Sure?\n1. Yes\n2. No")
    assert line.rows() == []
    with line.database.write() as session:
        assert line.queueing.queue(session, outgoing).labels == ("Yes", "No")
