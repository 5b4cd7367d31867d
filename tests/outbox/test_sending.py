"""A delivery's way to the carrier: claimed, sent, stored; retried when refused for now."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.model.errors import CarrierError
from bot.model.messages import OutboundMessage
from bot.outbox.sending import Sender
from bot.school.consent import Will, is_stopped, stop
from bot.storage.consents import last_word
from bot.storage.deliveries import Delivery
from bot.storage.delivery_claims import claim_waiting
from tests.outbox.conftest import LINH, OMAR, RULES, Line, at

BUSY = CarrierError("busy", code=20429)


def test_a_queued_text_is_sent_once_and_its_row_knows_the_carriers_id(any_line: Line) -> None:
    line = any_line
    delivery_id = line.queue("School is open.")
    assert line.sender.send(delivery_id) is None
    row = line.row(delivery_id)
    assert (row.state, row.provider_id, row.attempts) == ("sent", line.channel.taken[0].provider_id, 1)
    assert row.sent_at == line.clock.now()
    assert (row.owner, row.lease_until) == (None, None)
    line.sender.send(delivery_id)
    assert line.channel.bodies == ["School is open."]


def test_the_carrier_is_told_where_to_report(line: Line) -> None:
    delivery_id = line.queue()
    line.sender.send(delivery_id)
    assert line.channel.seen == [
        OutboundMessage(delivery_id, LINH, "Hello.", "https://line.example.org/fake/status")
    ]


def test_a_process_that_stood_still_before_the_call_does_not_make_it(any_line: Line) -> None:
    """Frozen for longer than its lease it would send what another has sent meanwhile."""
    line = any_line
    delivery_id = line.queue()
    lease = line.sender.lease()
    with line.database.write() as session:
        row = claim_waiting(session, delivery_id, lease)
        assert row is not None
        (attempt,) = line.sender.begin(session, [row], lease.now)
    line.clock.advance(RULES.lease)
    outcome = line.sender.carry(attempt)
    assert line.channel.taken == []
    line.sender.settle(attempt, outcome)
    assert line.state(delivery_id) == "queued"
    line.clock.advance(timedelta(minutes=1))
    line.sender.send(delivery_id)
    assert (line.state(delivery_id), len(line.channel.taken)) == ("sent", 1)


def test_two_senders_at_once_send_a_text_only_once(any_line: Line) -> None:
    line = any_line
    delivery_id = line.queue()
    other = line.another_sender()
    line.channel.before_answer = lambda message, _: other.send(message.delivery_id)
    line.sender.send(delivery_id)
    assert len(line.channel.taken) == 1
    assert line.state(delivery_id) == "sent"


def test_many_workers_at_once_send_every_text_once_and_in_order(any_line: Line) -> None:
    line = any_line
    people = [f"+1510555020{n}" for n in range(4)]
    ids = [line.queue(f"{number}", recipient=person) for number in range(5) for person in people]
    start = threading.Barrier(4)

    def work(sender: Sender) -> None:
        start.wait()
        for delivery_id in ids:
            following: int | None = delivery_id
            while following is not None:
                following = sender.send(following)

    workers = [threading.Thread(target=work, args=(line.another_sender(f"w{n}"),)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    line.drain()
    for person in people:
        assert [r.body for r in line.channel.taken if r.recipient == person] == ["0", "1", "2", "3", "4"]


def test_nothing_in_the_database_is_held_during_the_call(line: Line) -> None:
    first, second = line.queue(), line.queue(recipient=OMAR)

    def write_meanwhile(message: OutboundMessage, _: str) -> None:
        line.change(second, lambda row: setattr(row, "priority", 5))

    line.channel.before_answer = write_meanwhile
    line.sender.send(first)
    assert line.row(second).priority == 5


def test_texts_to_one_person_keep_their_order(any_line: Line) -> None:
    line = any_line
    first, second, third = line.queue("one"), line.queue("two"), line.queue("three")
    assert line.sender.send(third) is None
    assert line.sender.send(second) is None
    assert line.channel.bodies == []
    assert line.sender.send(first) == second
    assert line.sender.send(second) == third
    line.sender.send(third)
    assert line.channel.bodies == ["one", "two", "three"]


def test_texts_to_others_do_not_wait(line: Line) -> None:
    line.queue("one")
    other = line.queue("two", recipient=OMAR)
    line.sender.send(other)
    assert line.channel.bodies == ["two"]


def test_a_text_planned_for_later_lets_earlier_ones_pass_until_it_is_due(line: Line) -> None:
    tomorrow = line.clock.now() + timedelta(days=1)
    planned = line.queue("tomorrow", due_at=tomorrow)
    answer = line.queue("now")
    assert line.sender.due() == [answer]
    line.drain()
    assert line.channel.bodies == ["now"]
    line.clock.set(tomorrow)
    assert line.sender.due() == [planned]


def test_the_more_important_leave_first(line: Line) -> None:
    plain, urgent = line.queue(), line.queue(recipient=OMAR, priority=9)
    assert line.sender.due() == [urgent, plain]
    assert line.sender.due(limit=1) == [urgent]


def test_help_in_danger_does_not_queue_up_behind_an_answer_that_is_tried_again(any_line: Line) -> None:
    line = any_line
    stuck = line.queue("menu")
    line.channel.script = [BUSY]
    line.sender.send(stuck)
    crisis = line.queue("Call 988.", kind="crisis")
    second = line.queue("You can also text.", kind="crisis")
    assert line.sender.send(second) is None
    assert line.sender.send(crisis) == second
    line.sender.send(second)
    assert line.channel.bodies == ["Call 988.", "You can also text."]


def test_a_busy_carrier_is_tried_again_after_a_growing_pause_and_order_holds(any_line: Line) -> None:
    line = any_line
    first, second = line.queue("one"), line.queue("two")
    line.channel.script = [BUSY, BUSY]
    assert line.sender.send(first) is None
    assert line.state(first) == "queued"
    assert line.sender.due() == []
    assert line.sender.send(second) is None
    pause = line.row(first).due_at - line.clock.now()
    assert timedelta(seconds=1) <= pause <= timedelta(seconds=2)
    line.clock.advance(pause)
    line.sender.send(first)
    assert line.row(first).due_at - line.clock.now() >= timedelta(seconds=2)
    line.clock.advance(timedelta(seconds=4))
    line.drain()
    assert line.channel.bodies == ["one", "two"]
    assert (line.row(first).attempts, line.row(first).reason) == (3, None)
    assert line.channel.looked_up == []


def test_the_carriers_own_pause_is_respected(line: Line) -> None:
    delivery_id = line.queue()
    line.channel.script = [CarrierError("busy", code=20429, retry_after=90)]
    line.sender.send(delivery_id)
    assert line.row(delivery_id).due_at == line.clock.now() + timedelta(seconds=90)


def test_a_carrier_that_stays_busy_ends_the_text_with_the_reason(line: Line) -> None:
    delivery_id = line.queue()
    line.channel.script = [CarrierError("The carrier is busy.", code=20429)] * 30
    for _ in range(30):
        line.drain()
        line.clock.advance(timedelta(minutes=10))
    row = line.row(delivery_id)
    assert (row.state, row.reason, row.attempts) == ("failed", "The carrier is busy.", 15)
    assert row.finished_at is not None


def test_a_final_refusal_ends_the_text_with_plain_words_on_its_row(line: Line) -> None:
    delivery_id, following = line.queue(), line.queue("next")
    line.channel.script = [CarrierError("This is not a mobile number.", code=21614, permanent=True)]
    assert line.sender.send(delivery_id) == following
    row = line.row(delivery_id)
    assert (row.state, row.error_code, row.reason) == ("failed", 21614, "This is not a mobile number.")


def test_a_stop_known_only_to_the_carrier_reaches_our_ledger(any_line: Line) -> None:
    line = any_line
    delivery_id, waiting = line.queue(), line.queue("another")
    line.channel.script = [
        CarrierError("The family told the carrier STOP.", code=21610, permanent=True, opted_out=True)
    ]
    line.sender.send(delivery_id)
    assert (line.state(delivery_id), line.row(delivery_id).error_code) == ("suppressed", 21610)
    assert line.state(waiting) == "suppressed"
    with line.database.read() as session:
        assert is_stopped(session, "sms", LINH)
        event = last_word(session, "sms", LINH)
        assert event is not None and event.source == "carrier"


def test_a_stop_that_came_after_queueing_still_counts(line: Line) -> None:
    delivery_id = line.queue()
    confirmation = line.queue("You will get no more texts.", kind="consent")
    with line.database.write() as session:
        session.get(Delivery, delivery_id).state = "queued"  # type: ignore[union-attr]
        stop(session, "sms", LINH, Will("ALTO", "es", "message", "family"), line.clock.now())
        session.get(Delivery, delivery_id).state = "queued"  # type: ignore[union-attr]
    assert line.sender.send(delivery_id) == confirmation
    assert line.state(delivery_id) == "suppressed"
    line.sender.send(confirmation)
    assert line.channel.bodies == ["You will get no more texts."]


def test_a_text_that_went_stale_is_never_sent(line: Line) -> None:
    delivery_id = line.queue(expires_at=line.clock.now() + timedelta(minutes=5))
    line.clock.advance(timedelta(minutes=5))
    line.sender.send(delivery_id)
    row = line.row(delivery_id)
    assert (row.state, row.attempts, line.channel.bodies) == ("expired", 0, [])


def test_a_staff_text_that_is_late_waits_until_morning(line: Line) -> None:
    at(line.clock, 19, 59)
    delivery_id = line.queue("See you.", kind="staff")
    at(line.clock, 20, 1)
    line.sender.send(delivery_id)
    assert (line.state(delivery_id), line.channel.bodies) == ("held", [])
    answer = line.queue("Here is the menu.")
    line.sender.send(answer)
    assert line.channel.bodies == ["Here is the menu."]
    line.clock.set(line.row(delivery_id).due_at)
    line.drain()
    assert line.channel.bodies == ["Here is the menu.", "See you."]


def test_a_channel_that_does_not_exist_ends_the_text(line: Line) -> None:
    delivery_id = line.queue(channel="pigeon")
    line.sender.send(delivery_id)
    assert line.row(delivery_id).reason == "There is no channel 'pigeon' on this server."


def test_a_delivery_that_does_not_exist_is_no_error(line: Line) -> None:
    assert line.sender.send(4711) is None


@pytest.mark.parametrize("owner_dies", [False, True])
def test_a_result_that_comes_after_the_lease_is_still_noted(line: Line, owner_dies: bool) -> None:
    delivery_id = line.queue()

    def lose_the_lease(message: OutboundMessage, _: str) -> None:
        line.change(delivery_id, lambda row: setattr(row, "owner", "other" if owner_dies else "me"))

    line.channel.before_answer = lose_the_lease
    line.sender.send(delivery_id)
    assert (line.state(delivery_id), line.row(delivery_id).provider_id) == (
        "sent",
        line.channel.taken[0].provider_id,
    )


def test_a_fault_of_ours_is_logged_with_the_way_it_came_and_the_carrier_is_asked(line: Line) -> None:
    line.channel.script = [ValueError("a bug")]
    delivery_id = line.queue()
    with capture_logs() as logged:
        line.sender.send(delivery_id)
    [told] = [entry for entry in logged if entry["event"] == "channel_failed"]
    assert (told["delivery_id"], told["error"], told["exc_info"]) == (delivery_id, "ValueError", True)
    assert line.row(delivery_id).provider_id is None
