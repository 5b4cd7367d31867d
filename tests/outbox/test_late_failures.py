"""What a status report says of our number, our account or the day counts as the same refusal at once does."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.channels.twilio.errors import explain
from bot.model.messages import StatusReport
from bot.model.pace import SenderLimits
from bot.outbox.senders import LONGEST_REST
from bot.outbox.statuses import apply_status, dated
from bot.storage.deliveries import Delivery
from tests.outbox.conftest import OMAR, ZONE, Line, at
from tests.outbox.pools import OURS, SECOND, account, give_numbers, number


def fails_late(line: Line, code: int, *, early: bool = False) -> int:
    """A text is sent, and then reported undelivered; `early`: before the answer to our request. Its id."""
    text = line.queue()

    def tell(provider_id: str) -> None:
        known = explain(code)
        report = StatusReport(
            "sms", provider_id, "undelivered", line.clock.now(), None, code, known.reason, known.resends,
            scope=known.scope, next_day=known.next_day,
        )  # fmt: skip
        with line.database.write() as session:
            apply_status(session, dated(report, ZONE))

    if early:
        line.channel.before_answer = lambda _, provider_id: tell(provider_id)
    line.sender.send(text)
    line.channel.before_answer = None
    if not early:
        tell(line.row(text).provider_id or "")
    assert line.state(text) == "undelivered"
    return text


def again(line: Line) -> Delivery:
    """The one later try."""
    [row] = [row for row in line.rows() if row.resend_of]
    return row


@pytest.mark.parametrize("early", [False, True])
def test_a_suspended_account_stops_all_of_its_texts_and_lets_one_try_after_a_while(
    any_line: Line, early: bool
) -> None:
    line = give_numbers(any_line, SenderLimits(OURS))
    fails_late(line, 30002, early=early)
    shut = account(line)
    assert (shut.opened_at, shut.reason) == (line.clock.now(), explain(30002).reason)
    assert (shut.retry_at or line.clock.now()) - line.clock.now() == timedelta(minutes=5)
    waiting = line.queue(recipient=OMAR)
    assert line.sender.due() == []
    line.clock.advance(timedelta(minutes=5))
    line.drain()
    assert line.state(waiting) == "sent"


@pytest.mark.parametrize("code", [30032, 30034])
def test_a_number_that_is_not_registered_rests_and_others_go_on(any_line: Line, code: int) -> None:
    line = give_numbers(any_line, SenderLimits(OURS), SenderLimits(SECOND))
    fails_late(line, code)
    rests = number(line)
    assert (rests.paused_until, rests.pause_reason) == (line.clock.now() + LONGEST_REST, explain(code).reason)
    assert number(line, SECOND).paused_until is None and account(line).failures == 0
    other = line.queue(recipient=OMAR)
    line.drain()
    assert (line.state(other), line.row(other).sender) == ("sent", SECOND)


@pytest.mark.parametrize("code", [30001, 30022])
def test_a_number_that_was_too_fast_rests_shortly(line: Line, code: int) -> None:
    give_numbers(line, SenderLimits(OURS))
    fails_late(line, code)
    rest = (number(line).paused_until or line.clock.now()) - line.clock.now()
    assert timedelta(0) < rest <= timedelta(seconds=5)
    assert again(line).due_at == line.clock.now() + timedelta(minutes=30)


def test_what_a_text_fails_of_for_itself_rests_nothing(line: Line) -> None:
    give_numbers(line, SenderLimits(OURS))
    for code in (30003, 30005, 30007, 30027):
        fails_late(line, code)
    assert number(line).paused_until is None and account(line).failures == 0


def test_a_channel_without_numbers_has_nothing_to_rest(line: Line) -> None:
    fails_late(line, 30002)
    assert [row.state for row in line.rows()] == ["undelivered"]


@pytest.mark.parametrize("early", [False, True])
def test_after_a_daily_limit_a_text_is_tried_the_next_day_after_the_hours_of_rest(
    any_line: Line, early: bool
) -> None:
    line = any_line
    at(line.clock, 15, 30)
    fails_late(line, 30027, early=early)
    midnight = datetime.combine(line.clock.now().astimezone(ZONE).date() + timedelta(days=1), time(), ZONE)
    assert again(line).due_at == midnight
    line.clock.set(again(line).due_at)
    line.drain()
    assert len(line.channel.taken) == 1
    assert again(line).due_at == midnight + timedelta(hours=8)
    line.clock.advance(timedelta(hours=8))
    line.drain()
    assert len(line.channel.taken) == 2


def test_the_next_day_is_that_of_the_schools(line: Line) -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    at(line.clock, 15, 30)  # the next morning in Tokyo
    report = StatusReport("sms", "SM1", "undelivered", line.clock.now(), next_day=True)
    here, there = dated(report, ZONE).not_before, dated(report, tokyo).not_before
    assert here is not None and there is not None and here < there
    assert there.astimezone(tokyo).time() == time() and here.astimezone(ZONE).time() == time()
