"""Texts of which no report came: the carrier is asked by their ids, a few at a time and a few times each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.twilio_sms import TwilioSms
from bot.jobs.asking import HELPING, LOOKS, Asking
from bot.model.errors import CarrierError
from bot.model.messages import StatusReport
from bot.model.ports import Channel
from bot.outbox.sending import Sender
from bot.school.consent import is_stopped
from bot.storage.deliveries import StatusEvent
from bot.storage.session import Database
from bot.storage.silent_texts import MOST_LOOKS
from tests.carriers import running_carrier, twilio_account
from tests.conftest import FixedClock
from tests.outbox.conftest import RULES, ZONE, Line, line_on

HALF_A_DAY = timedelta(hours=12)


@pytest.fixture
def line(database: Database, clock: FixedClock, tmp_path: Path) -> Line:
    return line_on(database, clock, tmp_path)


def asking(line: Line, channel: Channel | None = None) -> Asking:
    return Asking(line.database, {"sms": channel or line.channel}, line.clock, ZONE)


def sent(line: Line, count: int = 1) -> list[int]:
    """So many texts that the carrier took, a minute apart."""
    ids = []
    for number in range(count):
        ids.append(line.queue(f"{number}", recipient=f"+1510999{number:04d}"))
        line.sender.send(ids[-1])
        line.clock.advance(timedelta(minutes=1))
    return ids


def looks(line: Line) -> list[int]:
    return [row.looks for row in line.rows()]


def test_there_are_as_many_pauses_as_the_index_knows_looks() -> None:
    assert len(LOOKS) == MOST_LOOKS
    assert sorted(LOOKS) == list(LOOKS)


def test_a_carrier_that_lost_its_reports_is_asked_what_became_of_its_texts(
    line: Line, tmp_path: Path
) -> None:
    line.clock.set(datetime.now(UTC))  # the carrier writes the real time into its ledger
    with running_carrier(tmp_path) as (carrier, base):  # it reports nothing
        channel = TwilioSms(twilio_account(base))
        sender = Sender(line.database, {"sms": channel}, line.clock, "me", RULES)
        arrived = line.queue(recipient="+15105550177")
        off = line.queue(recipient="+15005553003")
        capped = line.queue(recipient="+15005553027")
        for delivery_id in (arrived, off, capped):
            sender.send(delivery_id)
        assert carrier.settle()
        silent = asking(line, channel)
        assert not silent.any_due()
        line.clock.advance(HALF_A_DAY)
        silent.run(0)
    assert [line.state(one) for one in (arrived, off, capped)] == ["delivered", "undelivered", "undelivered"]
    assert (line.row(off).error_code, line.row(off).finished_at) == (30003, line.clock.now())
    assert "off, out of range" in (line.row(off).reason or "")
    again = {row.resend_of: row for row in line.rows() if row.resend_of}
    assert again[off].due_at == line.clock.now() + timedelta(minutes=30)
    assert again[off].state == again[capped].state == "held"
    tomorrow = again[capped].due_at.astimezone(ZONE)
    assert tomorrow.date() == line.clock.now().astimezone(ZONE).date() + timedelta(days=1)
    assert (tomorrow.hour, tomorrow.minute) == (0, 0)
    assert not silent.any_due()


def test_a_text_is_asked_about_four_times_in_three_days_and_then_left_as_it_is(line: Line) -> None:
    [text] = sent(line)
    before = line.row(text)
    asked_after = []
    for hour in range(24 * 8):
        asking(line).run(0)
        if len(line.channel.asked) > len(asked_after):
            asked_after.append(hour)
        line.clock.advance(timedelta(hours=1))
    assert asked_after == [12, 24, 48, 72]
    after = line.row(text)
    assert (after.state, after.provider_id, after.sent_at) == ("sent", before.provider_id, before.sent_at)


def test_only_a_helping_is_asked_about_at_once_and_those_never_asked_about_come_first(line: Line) -> None:
    [old] = sent(line)
    line.clock.advance(HALF_A_DAY)
    asking(line).run(0)
    young = sent(line, HELPING + 3)
    line.clock.advance(HALF_A_DAY)
    line.channel.asked.clear()
    asking(line).run(0)
    assert line.channel.asked == [line.row(one).provider_id for one in young[:HELPING]]
    asking(line).run(0)
    assert line.channel.asked[HELPING:] == [line.row(one).provider_id for one in [*young[HELPING:], old]]


def test_a_carrier_that_gives_no_answer_is_left_in_peace_and_the_look_does_not_count(line: Line) -> None:
    sent(line, 3)
    line.clock.advance(HALF_A_DAY)
    line.channel.ask_error = CarrierError("busy")
    asking(line).run(0)
    assert (len(line.channel.asked), looks(line)) == (1, [0, 0, 0])
    line.channel.ask_error = None
    asking(line).run(0)
    assert looks(line) == [1, 1, 1]


def test_an_answer_that_is_no_news_moves_nothing(line: Line) -> None:
    [text] = sent(line)
    known = line.row(text).provider_id or ""
    line.channel.knows[known] = StatusReport("sms", known, "sent", line.clock.now())
    for pause in (HALF_A_DAY, HALF_A_DAY):
        line.clock.advance(pause)
        asking(line).run(0)
    assert (line.state(text), looks(line)) == ("sent", [2])
    with line.database.read() as session:
        assert session.query(StatusEvent).count() == 1


def test_a_stop_that_only_the_carrier_heard_is_mirrored(line: Line) -> None:
    [text] = sent(line)
    row = line.row(text)
    report = StatusReport("sms", row.provider_id or "", "undelivered", line.clock.now(), error_code=21610, opted_out=True)  # fmt: skip
    line.channel.knows[row.provider_id or ""] = report
    line.clock.advance(HALF_A_DAY)
    asking(line).run(0)
    with line.database.read() as session:
        assert is_stopped(session, "sms", row.recipient)


def test_two_who_look_at_once_ask_once(line: Line) -> None:
    sent(line)
    line.clock.advance(HALF_A_DAY)
    one, other = asking(line), asking(line)
    waiting = one._due(5)
    other.run(0)
    assert one._ask_about(waiting) == []
    assert (len(line.channel.asked), looks(line)) == (1, [1])


def test_a_text_that_moved_meanwhile_is_not_asked_about(line: Line) -> None:
    [text] = sent(line)
    line.clock.advance(HALF_A_DAY)
    waiting = asking(line)._due(5)
    line.change(text, lambda row: setattr(row, "state", "delivered"))
    assert asking(line)._ask_about(waiting) == []
    assert line.channel.asked == []


def test_a_channel_that_is_gone_is_not_asked_for_ever(line: Line) -> None:
    sent(line)
    line.clock.advance(HALF_A_DAY)
    gone = Asking(line.database, {}, line.clock, ZONE)
    gone.run(0)
    assert not gone.any_due()


def test_texts_of_long_ago_are_not_asked_about_by_a_server_that_is_new(line: Line) -> None:
    sent(line)
    line.clock.advance(timedelta(days=8))
    assert not asking(line).any_due()


def test_an_answer_that_cannot_be_stored_keeps_back_no_other(line: Line) -> None:
    texts = sent(line, 2)
    ids = [line.row(one).provider_id or "" for one in texts]
    for known in ids:
        line.channel.knows[known] = StatusReport("sms", known, "delivered", line.clock.now())
    line.channel.knows[ids[0]] = StatusReport("sms", ids[0], None, line.clock.now())  # type: ignore[arg-type]
    line.clock.advance(HALF_A_DAY)
    asking(line).run(0)
    assert [line.state(one) for one in texts] == ["sent", "delivered"]
