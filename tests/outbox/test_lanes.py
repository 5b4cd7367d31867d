"""Texts of broadcasts leave many at a time, with every promise that a single send keeps."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations

import pytest
from structlog.testing import capture_logs

from bot.model.errors import CarrierError
from bot.model.messages import OutboundMessage, SendResult
from bot.outbox.carrier_calls import Attempt, Outcome
from bot.outbox.lanes import Lanes, Pace
from bot.outbox.sending import Sender
from bot.school.consent import Will, is_stopped, stop
from tests.outbox.conftest import LINH, OMAR, RULES, Line, at
from tests.outbox.test_statuses import report

BUSY = CarrierError("busy", code=20429)
UNCLEAR = CarrierError("no answer", ambiguous=True)
LONG = timedelta(seconds=1)


def test_every_text_leaves_once_and_its_row_knows_the_carriers_id(any_line: Line) -> None:
    line = any_line
    ids = line.queue_many(150)
    lanes = line.lanes(threads=4)
    assert lanes.due()
    assert lanes.run(0) is None
    taken = {record.body: record.provider_id for record in line.channel.taken}
    assert len(line.channel.taken) == len(taken) == 150
    for row in line.rows():
        assert (row.state, row.attempts, row.provider_id) == ("sent", 1, taken[row.body])
        assert (row.sent_at, row.first_attempt_at) == (line.clock.now(), line.clock.now())
        assert (row.owner, row.lease_until, row.finished_at) == (None, None, None)
    assert [row.id for row in line.rows()] == ids
    assert not lanes.due()


def test_what_is_no_broadcast_is_left_to_single_sends(line: Line) -> None:
    reply = line.queue("Yes.")
    assert not line.lanes().due()
    line.lanes().run(0)
    assert line.state(reply) == "queued"


def test_urgent_texts_leave_first_then_the_oldest(line: Line) -> None:
    line.queue_many(3)
    line.queue("Fire.", recipient=OMAR, kind="urgent", priority=-1)
    line.lanes().run(0)
    assert line.channel.bodies == ["Fire.", "Snow 0.", "Snow 1.", "Snow 2."]


def test_texts_to_one_line_keep_their_order(any_line: Line) -> None:
    line = any_line
    for number in range(6):
        line.queue(f"{number}", kind="broadcast", priority=-2)
    line.lanes(threads=4).run(0)
    assert line.channel.bodies == [str(number) for number in range(6)]


def test_a_reply_passes_and_what_was_queued_after_it_waits_for_it(any_line: Line) -> None:
    line = any_line
    bulk = {"kind": "broadcast", "priority": -2}
    line.queue("Snow.", **bulk)
    reply = line.queue("Yes.")
    line.queue("Ice.", **bulk)
    line.lanes().run(0)
    assert line.channel.bodies == ["Snow."]
    line.sender.send(reply)
    line.lanes().run(0)
    assert line.channel.bodies == ["Snow.", "Yes.", "Ice."]


def test_two_lanes_of_two_processes_send_everything_once(any_line: Line) -> None:
    line = any_line
    line.queue_many(200)
    both = [line.lanes(threads=3, owner=f"w{n}", claim=16) for n in range(2)]
    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(lanes.run, number) for number, lanes in enumerate(both)]:
            one.result(timeout=60)
    line.lanes().run(0)
    assert Counter(record.body for record in line.channel.taken) == Counter(f"Snow {n}." for n in range(200))
    assert {(row.state, row.attempts) for row in line.rows()} == {("sent", 1)}


def test_after_its_turn_a_lane_comes_back_and_goes_on(line: Line) -> None:
    line.queue_many(40)
    line.channel.before_answer = lambda _, __: line.clock.advance(timedelta(milliseconds=200))
    lanes = line.lanes(threads=2, turn=timedelta(seconds=2))
    assert lanes.run(7) == 7
    sent = len(line.channel.taken)
    assert 0 < sent < 40
    assert {row.state for row in line.rows()} == {"sent", "queued"}, "what was claimed was carried"
    while lanes.run(7) is not None:
        pass
    assert len(line.channel.taken) == 40


def test_a_stop_that_comes_between_claim_and_leaving_still_counts(any_line: Line) -> None:
    line = any_line
    first, second, third = line.queue_many(3)
    stopped = line.row(second).recipient

    def stop_the_second(message: OutboundMessage, _: str) -> None:
        if message.delivery_id == first:
            with line.database.write() as session:
                stop(session, "sms", stopped, Will("ALTO", "es", "message", "family"), line.clock.now())
            line.clock.advance(LONG)

    line.channel.before_answer = stop_the_second
    line.lanes().run(0)
    row = line.row(second)
    assert (row.state, row.attempts, row.first_attempt_at, row.owner) == ("suppressed", 0, None, None)
    assert line.channel.bodies == ["Snow 0.", "Snow 2."]
    assert line.state(third) == "sent"


def test_many_are_looked_at_before_they_leave(any_line: Line) -> None:
    line = any_line
    stale = line.queue("Stale.", kind="broadcast", priority=-2, expires_at=line.clock.now() + LONG)
    stopped = line.queue("Stopped.", recipient=OMAR, kind="broadcast", priority=-2)
    line.queue_many(2)
    line.clock.advance(LONG)
    with line.database.write() as session:
        stop(session, "sms", OMAR, Will("STOP", "en", "message", "family"), line.clock.now())
    line.change(stopped, lambda row: setattr(row, "state", "queued"))
    line.lanes().run(0)
    assert line.channel.bodies == ["Snow 0.", "Snow 1."]
    assert (line.state(stale), line.state(stopped)) == ("expired", "suppressed")
    assert (line.row(stale).attempts, line.row(stopped).attempts) == (0, 0)


def test_in_the_hours_of_rest_they_wait_until_morning(line: Line) -> None:
    at(line.clock, 19, 59)
    ids = line.queue_many(3)
    at(line.clock, 20, 1)
    line.lanes().run(0)
    assert {line.state(number) for number in ids} == {"held"}
    assert not line.lanes().due()
    line.clock.set(line.row(ids[0]).due_at)
    line.lanes().run(0)
    assert len(line.channel.taken) == 3


def test_who_waited_longer_than_the_lease_lets_another_process_have_the_text(any_line: Line) -> None:
    line = any_line
    first, second = line.queue_many(2)
    other = line.another_sender()

    def be_slow(message: OutboundMessage, _: str) -> None:
        if message.delivery_id == first:
            line.clock.advance(RULES.lease + LONG)
            other.send(second)

    line.channel.before_answer = be_slow
    line.lanes().run(0)
    assert Counter(line.channel.bodies) == Counter(["Snow 0.", "Snow 1."])
    assert {row.state for row in line.rows()} == {"sent"}


def test_who_waited_a_while_gets_a_new_lease_before_it_leaves(line: Line) -> None:
    first, second = line.queue_many(2)
    until = []

    def be_slow(message: OutboundMessage, _: str) -> None:
        if message.delivery_id == first:
            line.clock.advance(RULES.lease - LONG)
        else:
            until.append(line.row(second).lease_until)

    line.channel.before_answer = be_slow
    line.lanes().run(0)
    assert until == [line.clock.now() + RULES.lease]


def test_every_kind_of_refusal_is_settled_as_by_a_single_send(any_line: Line) -> None:
    line = any_line
    busy, wrong, gone, fine = line.queue_many(4)
    line.channel.script = [
        BUSY,
        CarrierError("This is not a mobile number.", code=21614, permanent=True),
        CarrierError("The family told the carrier STOP.", code=21610, permanent=True, opted_out=True),
    ]
    line.lanes().run(0)
    assert [line.state(number) for number in (busy, wrong, gone, fine)] == [
        "queued", "failed", "suppressed", "sent",
    ]  # fmt: skip
    assert line.row(wrong).error_code == 21614
    with line.database.read() as session:
        assert is_stopped(session, "sms", line.row(gone).recipient)
    line.clock.advance(timedelta(seconds=3))
    line.lanes().run(0)
    assert (line.state(busy), line.row(busy).attempts) == ("sent", 2)


@pytest.mark.parametrize("taken", [True, False])
def test_an_unclear_outcome_is_looked_up_before_anything_is_sent_again(any_line: Line, taken: bool) -> None:
    line = any_line
    unclear, _ = line.queue_many(2)
    line.channel.script = [UNCLEAR]
    line.channel.takes_despite_errors = taken
    lanes = line.lanes()
    lanes.run(0)
    assert line.state(unclear) == "sending"
    assert not lanes.due()
    line.clock.advance(RULES.lag)
    assert lanes.due()
    lanes.run(0)
    assert line.state(unclear) == "sent"
    assert Counter(line.channel.bodies) == Counter(["Snow 0.", "Snow 1."])


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("overtaking", [0, 1, 2, 3])
def test_reports_that_overtake_the_result_are_not_undone_by_it(
    any_line: Line, overtaking: int, named: bool
) -> None:
    line = any_line
    orders = list(permutations(["sending", "sent", "delivered"]))
    ids = dict(zip(line.queue_many(len(orders)), orders, strict=True))
    given = {}

    def overtake(message: OutboundMessage, provider_id: str) -> None:
        given[message.delivery_id] = provider_id
        for status in ids[message.delivery_id][:overtaking]:
            report(line, status, provider_id, message.delivery_id if named else None)

    line.channel.before_answer = overtake
    line.lanes(threads=3).run(0)
    for number, order in ids.items():
        for status in order[overtaking:]:
            report(line, status, given[number], number if named else None)
        row = line.row(number)
        assert (row.state, row.provider_id, row.owner) == ("delivered", given[number], None)
        assert row.sent_at is not None


def test_a_carrier_that_says_more_than_taken_is_believed(line: Line) -> None:
    class Quick(Sender):
        def carry(self, attempt: Attempt) -> Outcome:
            return SendResult("SM1", "failed") if attempt.recipient == LINH else super().carry(attempt)

    sender = Quick(line.database, {"sms": line.channel}, line.clock, "me", RULES)
    failed = line.queue(kind="broadcast", priority=-2)
    line.queue_many(2)
    Lanes(line.database, sender, line.clock, Pace(threads=1)).run(0)
    assert [row.state for row in line.rows()] == ["failed", "sent", "sent"]
    assert line.row(failed).provider_id == "SM1"


def test_a_connection_that_hangs_holds_up_no_other_text_and_its_result_is_stored_when_it_comes(
    any_line: Line,
) -> None:
    line, answer = any_line, threading.Event()

    class Hanging(Sender):
        def carry(self, attempt: Attempt) -> Outcome:
            if attempt.recipient == LINH:
                line.clock.advance(timedelta(seconds=6))  # meanwhile the turn is over
                answer.wait(30)
            return super().carry(attempt)

    hangs = line.queue(kind="broadcast", priority=-2)
    sender = Hanging(line.database, {"sms": line.channel}, line.clock, "me", RULES)
    lanes = Lanes(line.database, sender, line.clock, Pace(threads=2, patience=timedelta()))
    assert lanes.run(0) == 0, "the lane may be taken up again"
    others = line.queue_many(3)
    assert lanes.run(0) is None
    assert [line.state(number) for number in (hangs, *others)] == ["sending", "sent", "sent", "sent"]
    answer.set()
    for thread in threading.enumerate():
        if thread.name.startswith("crew"):
            thread.join(30)
    assert line.state(hangs) == "sent"
    assert len(line.channel.taken) == 4


def test_a_fault_of_one_result_costs_the_others_nothing(line: Line) -> None:
    class Faulty(Sender):
        def settle(self, attempt: Attempt, outcome: Outcome) -> int | None:
            raise ValueError("a text that must not be logged")

    sender = Faulty(line.database, {"sms": line.channel}, line.clock, "me", RULES)
    unsettled, *others = line.queue_many(4)
    line.channel.script = [BUSY]
    with capture_logs() as logged:
        Lanes(line.database, sender, line.clock, Pace(threads=1)).run(0)
    assert {line.state(number) for number in others} == {"sent"}
    assert line.state(unsettled) == "sending", "its lease runs out, then the carrier is asked"
    [told] = [entry for entry in logged if entry["event"] == "result_not_stored"]
    assert (told["delivery_id"], told["error"]) == (unsettled, "ValueError")
