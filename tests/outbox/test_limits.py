"""What leaves keeps to the rate and the day of its number, over all workers; replies pass."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.model.errors import CarrierError, Scope
from bot.model.pace import BULK_SHARE, SenderLimits
from bot.outbox.limits import CAPPED, Limits
from bot.storage.deliveries import Delivery
from bot.storage.session import Database
from tests.outbox.conftest import LINH, OMAR, RULES, ZONE, Line
from tests.outbox.pools import (
    OURS,
    SECOND,
    TICK,
    change_number,
    give_numbers,
    number,
    queue_bulk,
    quick_sender,
    run_for,
    taken_at,
    tick,
)

SECOND_LONG = timedelta(seconds=1)


def busiest_second(moments: list[datetime]) -> int:
    return max(sum(start <= at < start + SECOND_LONG for at in moments) for start in moments)


def test_600_texts_at_30_a_second_leave_in_20_seconds_and_no_second_holds_many_more(any_line: Line) -> None:
    line = give_numbers(any_line, SenderLimits(OURS, rate=30 / BULK_SHARE))
    queue_bulk(line, 600)
    run_for(line, 21, quick_sender(line, "one"), quick_sender(line, "two"))
    moments = taken_at(line)
    assert len(moments) == 600 and len({record.recipient for record in line.channel.taken}) == 600
    assert 19 <= (moments[-1] - moments[0]).total_seconds() <= 20
    assert busiest_second(moments) <= 38


def test_a_reply_leaves_at_once_while_a_broadcast_waits(any_line: Line) -> None:
    line = give_numbers(any_line, SenderLimits(OURS, rate=2))
    queue_bulk(line, 60)
    sender = quick_sender(line)
    run_for(line, 10, sender)
    for _ in range(3):
        asked = line.clock.now()
        reply = line.queue("Your answer.", recipient=LINH)
        tick(line, sender)
        sent_at = line.row(reply).sent_at
        assert sent_at is not None and sent_at - asked <= SECOND_LONG
        run_for(line, 2, sender)
    assert 20 <= len(line.channel.taken) - 3 <= 30


def test_replies_take_their_room_from_the_broadcast(line: Line) -> None:
    give_numbers(line, SenderLimits(OURS, rate=5))
    queue_bulk(line, 200)
    sender = quick_sender(line)
    for second in range(20):
        line.queue(f"{second}", recipient=f"+1510888{second:04d}")
        line.queue(f"{second}", recipient=f"+1510889{second:04d}")
        run_for(line, 1, sender)
    assert len(line.channel.taken) <= 20 * 5 + 6
    assert sum(record.recipient.startswith("+1510888") for record in line.channel.taken) == 20


def test_more_replies_than_the_rate_takes_keep_their_slots_and_their_order(any_line: Line) -> None:
    line = give_numbers(any_line, SenderLimits(OURS, rate=1))
    first = [line.queue(f"{n}", recipient=f"+1510888{n:04d}") for n in range(5)]
    parts = [line.queue("part 1", recipient=LINH), line.queue("part 2", recipient=LINH)]
    sender = quick_sender(line)
    for delivery_id in [*first, *parts]:
        line.sender.send(delivery_id)
    waiting = line.row(parts[0])
    assert (waiting.state, waiting.sender, waiting.slot_at) == ("queued", OURS, waiting.due_at)
    assert waiting.due_at - line.clock.now() == timedelta(seconds=5)
    assert line.state(parts[1]) == "queued" and line.row(parts[1]).slot_at is None
    taken_before = number(line).free_at
    run_for(line, 9, sender)
    assert [line.state(i) for i in [*first, *parts]] == ["sent"] * 7
    assert line.channel.bodies[-2:] == ["part 1", "part 2"]
    assert number(line).free_at == taken_before + timedelta(seconds=1), "a kept slot is not paid twice"
    assert line.row(parts[0]).slot_at is None


def test_a_reply_does_not_wait_for_a_district_full_of_reminders(line: Line) -> None:
    give_numbers(line, SenderLimits(OURS, rate=1))
    for n in range(50):
        line.sender.send(line.queue("Tomorrow!", recipient=f"+1510888{n:04d}", kind="reminder"))
    reply = line.queue("Answer", recipient=LINH)
    line.sender.send(reply)
    assert line.state(reply) == "sent" and len(line.channel.taken) < 5


def test_help_in_danger_never_waits_for_a_slot(line: Line) -> None:
    give_numbers(line, SenderLimits(OURS, rate=0.5))
    for n in range(20):
        line.sender.send(line.queue("x", recipient=f"+1510888{n:04d}"))
    crisis = line.queue("Call 988.", kind="crisis", priority=5)
    line.sender.send(crisis)
    assert line.state(crisis) == "sent"


def test_two_workers_at_once_never_take_the_same_slot(any_line: Line) -> None:
    line = give_numbers(any_line, SenderLimits(OURS, rate=100))
    ids = queue_bulk(line, 40)
    start = threading.Barrier(4)

    def work(owner: int) -> None:
        sender = quick_sender(line, f"w{owner}")
        start.wait()
        for delivery_id in ids[owner::4]:
            sender.send(delivery_id)

    workers = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    row = number(line)
    assert row.free_at - line.clock.now() == timedelta(seconds=0.4)
    assert row.bulk_at - line.clock.now() == timedelta(seconds=0.5)
    assert row.day_segments == 40


def test_what_is_asked_for_at_once_is_answered_as_if_asked_one_by_one(
    database: Database, any_line: Line
) -> None:
    line = give_numbers(any_line, SenderLimits(OURS, rate=10))
    queue_bulk(line, 64)
    limits, now = Limits(ZONE, TICK), line.clock.now()
    with line.database.write() as session:
        rows = session.query(Delivery).order_by(Delivery.id).all()
        reserved = limits.reserve(session, rows, now)
    gap = timedelta(seconds=1 / (10 * BULK_SHARE))
    assert list(reserved.ready) == [row.id for row in rows[:2]]
    assert set(reserved.ready.values()) == {OURS}
    assert [wait.until for wait in reserved.later.values()] == [now + gap * n for n in range(2, 64)]
    assert {wait.slot_of for wait in reserved.later.values()} == {OURS}
    with line.database.read() as session:
        room = limits.room(session, now)
        assert (room.rows, room.opens_at) == (0, now + gap * 64 - TICK)


def test_bulk_takes_no_slot_far_ahead(line: Line) -> None:
    give_numbers(line, SenderLimits(OURS, rate=1))
    queue_bulk(line, 100)
    with line.database.write() as session:
        rows = session.query(Delivery).all()
        later = Limits(ZONE).reserve(session, rows, line.clock.now()).later.values()
    assert sum(wait.slot_of is not None for wait in later) < 30
    assert number(line).bulk_at - line.clock.now() < timedelta(seconds=33)


def test_without_a_rate_nothing_waits_and_nothing_is_counted(line: Line) -> None:
    give_numbers(line, SenderLimits(OURS))
    ids = queue_bulk(line, 50)
    line.lanes().run(0)
    assert len(line.channel.taken) == 50
    assert number(line).day_segments == 0
    assert line.row(ids[0]).sender == OURS


def test_the_day_full_routine_texts_wait_for_tomorrow_and_say_so_and_the_others_leave(any_line: Line) -> None:
    line = give_numbers(any_line, SenderLimits(OURS, daily=3))
    routine = queue_bulk(line, 5)
    reply = line.queue("Answer", recipient=LINH)
    urgent = line.queue("School is closed", recipient=OMAR, kind="urgent", priority=-1)
    for delivery_id in [*routine, reply, urgent]:
        line.sender.send(delivery_id)
    assert [line.state(i) for i in routine] == ["sent"] * 3 + ["held"] * 2
    assert (line.state(reply), line.state(urgent)) == ("sent", "sent")
    held = line.row(routine[4])
    assert held.reason == CAPPED
    assert held.due_at == datetime(2026, 11, 17, 8, 0, tzinfo=UTC), "midnight in Los Angeles"
    assert number(line).day_segments == 5
    line.clock.set(datetime(2026, 11, 17, 17, 0, tzinfo=UTC))
    for delivery_id in routine[3:]:
        line.sender.send(delivery_id)
    assert [line.state(i) for i in routine[3:]] == ["sent"] * 2
    assert line.row(routine[4]).reason is None
    assert number(line).day_segments == 2


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        (datetime(2026, 10, 31, 20, 0, tzinfo=UTC), datetime(2026, 11, 1, 7, 0, tzinfo=UTC)),
        (
            datetime(2026, 11, 1, 20, 0, tzinfo=UTC),
            datetime(2026, 11, 2, 8, 0, tzinfo=UTC),
        ),  # clocks went back
        (datetime(2027, 3, 13, 20, 0, tzinfo=UTC), datetime(2027, 3, 14, 8, 0, tzinfo=UTC)),
        (datetime(2027, 3, 14, 20, 0, tzinfo=UTC), datetime(2027, 3, 15, 7, 0, tzinfo=UTC)),  # and forward
    ],
)
def test_a_day_is_one_of_the_schools_calendar_also_when_clocks_change(
    line: Line, now: datetime, midnight: datetime
) -> None:
    line.clock.set(now)
    give_numbers(line, SenderLimits(OURS, daily=1))
    first, second = queue_bulk(line, 2)
    line.sender.send(first)
    line.sender.send(second)
    assert line.row(second).due_at == midnight
    line.clock.set(midnight - timedelta(seconds=1))
    with line.database.write() as session:
        rows = [session.get_one(Delivery, second)]
        assert Limits(ZONE).reserve(session, rows, line.clock.now()).later
        assert Limits(ZONE).reserve(session, rows, midnight).ready


def test_a_number_whose_queue_is_full_rests_as_a_whole_and_longer_each_time(any_line: Line) -> None:
    line = give_numbers(any_line, SenderLimits(OURS, rate=100))
    full = CarrierError("The carrier's queue for our number is full.", code=21611, scope=Scope.SENDER)
    refused, other = line.queue(), line.queue(recipient=OMAR)
    line.channel.script = [full]
    line.sender.send(refused)
    line.sender.send(other)
    assert [line.state(refused), line.state(other)] == ["queued", "queued"]
    until = number(line).paused_until
    assert until is not None and len(line.channel.seen) == 1
    assert (line.row(other).due_at, line.row(other).attempts) == (until, 0)
    first_rest = until - line.clock.now()
    line.clock.set(until + timedelta(minutes=1))
    line.channel.script = [full]
    line.sender.send(other)
    second_rest = number(line).paused_until
    assert second_rest is not None and second_rest - line.clock.now() > first_rest
    line.clock.set(second_rest + timedelta(hours=1))
    line.drain()
    assert [line.state(refused), line.state(other)] == ["sent", "sent"]


def test_a_full_queue_costs_no_text_its_life_however_long_it_lasts(line: Line) -> None:
    give_numbers(line, SenderLimits(OURS))
    delivery_id = line.queue()
    for _ in range(40):
        line.channel.script = [CarrierError("full", code=21611, scope=Scope.SENDER)]
        line.sender.send(delivery_id)
        line.clock.advance(timedelta(minutes=11))
    assert line.state(delivery_id) == "queued"
    line.channel.script = []
    line.sender.send(delivery_id)
    assert line.state(delivery_id) == "sent"


def test_the_room_is_that_of_numbers_that_may_send_today(line: Line) -> None:
    give_numbers(line, SenderLimits(OURS, rate=10, daily=5), SenderLimits(SECOND, rate=10))
    limits, now = RULES.limits, line.clock.now()
    today = now.astimezone(ZONE).date()

    def rows() -> int | None:
        with line.database.read() as session:
            return limits.room(session, now).rows

    assert rows() == 18
    change_number(line, lambda row: (setattr(row, "day", today), setattr(row, "day_segments", 5))[0])
    assert rows() == 9
    change_number(line, lambda row: setattr(row, "paused_until", now + SECOND_LONG), SECOND)
    assert rows() == 0
