"""An unclear send is looked up at the carrier before anybody sends again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model.errors import CarrierError
from bot.model.messages import CarrierRecord, StatusReport
from bot.outbox.reconciling import Verdict, look_for, same_text
from bot.outbox.statuses import apply_status
from tests.outbox.conftest import HALF_A_MINUTE, LINH, Line

UNCLEAR = CarrierError("The carrier did not say.", ambiguous=True)
NOW = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)


def test_a_text_that_got_through_despite_a_time_out_is_not_sent_again(any_line: Line) -> None:
    line = any_line
    delivery_id = line.queue("Once only.")
    line.channel.script, line.channel.takes_despite_errors = [UNCLEAR], True
    line.sender.send(delivery_id)
    assert (line.state(delivery_id), line.row(delivery_id).reason) == ("sending", "The carrier did not say.")
    line.clock.advance(HALF_A_MINUTE)
    line.drain()
    row = line.row(delivery_id)
    assert (row.state, row.provider_id, row.attempts) == ("sent", line.channel.taken[0].provider_id, 1)
    assert row.reason is None
    assert line.channel.bodies == ["Once only."]


def test_a_text_that_did_not_get_through_is_sent_again(line: Line) -> None:
    delivery_id = line.queue("Once only.")
    line.channel.script = [UNCLEAR]
    line.sender.send(delivery_id)
    line.clock.advance(HALF_A_MINUTE)
    line.drain()
    assert (line.state(delivery_id), line.row(delivery_id).attempts) == ("sent", 2)
    assert line.channel.bodies == ["Once only."]


def test_the_carriers_list_gets_time_to_catch_up_and_later_texts_wait(line: Line) -> None:
    first, second = line.queue("one"), line.queue("two")
    line.channel.script, line.channel.takes_despite_errors = [UNCLEAR], True
    assert line.sender.send(first) is None
    line.clock.advance(HALF_A_MINUTE - timedelta(seconds=1))
    assert line.sender.due() == []
    assert line.sender.send(first) is None and line.sender.send(second) is None
    assert line.channel.looked_up == []
    line.clock.advance(timedelta(seconds=1))
    assert line.sender.due() == [first]
    assert line.sender.send(first) == second
    line.drain()
    assert line.channel.bodies == ["one", "two"]


def test_a_process_that_died_while_sending_leaves_a_row_that_is_looked_up(line: Line) -> None:
    delivery_id = line.queue("Once only.")

    class Killed(BaseException):
        pass

    def die(message: object, _: str) -> None:
        raise Killed

    line.channel.before_answer = die
    with pytest.raises(Killed):
        line.sender.send(delivery_id)
    line.channel.before_answer = None
    assert line.row(delivery_id).owner == "me"
    successor = line.another_sender("successor")
    assert successor.send(delivery_id) is None
    line.clock.advance(timedelta(seconds=60))
    assert successor.due() == [delivery_id]
    successor.send(delivery_id)
    assert (line.state(delivery_id), line.channel.bodies) == ("sent", ["Once only."])


def test_after_a_restart_the_rows_of_the_dead_need_not_wait_for_their_lease(any_line: Line) -> None:
    line = any_line
    mine, theirs = line.queue("mine", recipient="+1"), line.queue("theirs")
    line.change(mine, lambda row: _as_sending(row, "me", line.clock.now()))
    line.change(theirs, lambda row: _as_sending(row, "dead", line.clock.now()))
    with line.database.write() as session:
        assert line.sender.recover(session) == 1
    line.clock.advance(HALF_A_MINUTE)
    assert line.sender.due() == [theirs]
    line.sender.send(theirs)
    assert line.channel.looked_up[0][0] == LINH
    assert line.channel.bodies == ["theirs"]
    assert line.state(mine) == "sending"


def _as_sending(row: object, owner: str, now: datetime) -> None:
    for name, value in {
        "state": "sending",
        "owner": owner,
        "attempts": 1,
        "first_attempt_at": now,
        "lease_until": now + timedelta(hours=1),
    }.items():
        setattr(row, name, value)


def test_a_report_that_names_the_delivery_settles_an_unclear_send_without_a_look(line: Line) -> None:
    delivery_id = line.queue()
    line.channel.script, line.channel.takes_despite_errors = [UNCLEAR], True
    line.sender.send(delivery_id)
    provider_id = line.channel.taken[0].provider_id
    with line.database.write() as session:
        report = StatusReport("sms", provider_id, "sent", line.clock.now(), delivery_id=delivery_id)
        apply_status(session, report)
    line.clock.advance(timedelta(hours=1))
    line.drain()
    assert (line.state(delivery_id), line.row(delivery_id).provider_id) == ("sent", provider_id)
    assert (line.channel.looked_up, len(line.channel.taken)) == ([], 1)


def test_the_same_words_sent_before_are_no_proof(line: Line) -> None:
    earlier, unclear = line.queue("Which child?"), line.queue("Which child?")
    line.sender.send(earlier)
    line.channel.script = [UNCLEAR]
    line.sender.send(unclear)
    line.clock.advance(HALF_A_MINUTE)
    line.drain()
    assert line.channel.bodies == ["Which child?", "Which child?"]
    assert line.row(earlier).provider_id != line.row(unclear).provider_id


def test_a_carrier_that_cannot_be_asked_is_asked_again_and_again_and_nothing_is_guessed(line: Line) -> None:
    delivery_id = line.queue()
    line.channel.script, line.channel.takes_despite_errors = [UNCLEAR], True
    line.sender.send(delivery_id)
    line.channel.look_up_error = CarrierError("down", ambiguous=True)
    for _ in range(20):
        line.clock.advance(timedelta(minutes=15))
        line.drain()
    assert line.state(delivery_id) == "sending"
    assert len(line.channel.taken) == 1
    line.channel.look_up_error = None
    line.clock.advance(timedelta(minutes=15))
    line.drain()
    assert line.state(delivery_id) == "sent"


def test_after_a_day_without_an_answer_the_row_says_that_nobody_knows(line: Line) -> None:
    delivery_id, following = line.queue(), line.queue("next")
    line.channel.script = [UNCLEAR]
    line.sender.send(delivery_id)
    line.channel.look_up_error = RuntimeError("broken")
    line.clock.advance(timedelta(hours=25))
    assert line.sender.send(delivery_id) == following
    row = line.row(delivery_id)
    assert (row.state, line.channel.taken) == ("unresolved", [])
    assert row.reason is not None and row.reason.startswith("Nobody can tell")


def test_a_carrier_that_forgets_texts_leaves_the_outcome_open(line: Line) -> None:
    delivery_id = line.queue("Private.")
    line.channel.script, line.channel.takes_despite_errors = [UNCLEAR], True
    line.sender.send(delivery_id)
    taken = line.channel.taken.pop()
    line.channel.taken.append(CarrierRecord(taken.provider_id, taken.recipient, "", "sent", taken.created_at))
    line.clock.advance(HALF_A_MINUTE)
    line.drain()
    assert line.state(delivery_id) == "unresolved"


def test_a_text_that_never_gets_an_answer_is_given_up_in_the_end(line: Line) -> None:
    delivery_id = line.queue()
    line.channel.script = [UNCLEAR] * 50
    for _ in range(50):
        line.clock.advance(timedelta(minutes=1))
        line.drain()
    row = line.row(delivery_id)
    assert (row.state, row.attempts) == ("failed", 6)
    assert row.reason is not None and row.reason.startswith("The carrier never said")


def test_a_stop_that_came_meanwhile_keeps_an_unsent_text_back(line: Line) -> None:
    delivery_id = line.queue(expires_at=line.clock.now() + timedelta(seconds=10))
    line.channel.script = [UNCLEAR]
    line.sender.send(delivery_id)
    line.clock.advance(HALF_A_MINUTE)
    line.drain()
    assert (line.state(delivery_id), line.channel.bodies) == ("expired", [])


def test_an_error_of_our_own_while_sending_counts_as_unclear(line: Line) -> None:
    delivery_id = line.queue()
    line.channel.script, line.channel.takes_despite_errors = [KeyError("oops")], True
    line.sender.send(delivery_id)
    assert line.state(delivery_id) == "sending"
    line.clock.advance(HALF_A_MINUTE)
    line.drain()
    assert (line.state(delivery_id), len(line.channel.taken)) == ("sent", 1)


def test_a_channel_that_is_gone_leaves_its_unclear_rows_unclear(line: Line) -> None:
    delivery_id = line.queue()
    line.channel.script = [UNCLEAR]
    line.sender.send(delivery_id)
    line.change(delivery_id, lambda row: setattr(row, "channel", "gone"))
    line.clock.advance(HALF_A_MINUTE)
    line.sender.send(delivery_id)
    assert line.state(delivery_id) == "sending"


def test_two_senders_look_into_an_unclear_row_only_once(line: Line) -> None:
    delivery_id = line.queue()
    line.channel.script = [UNCLEAR]
    line.sender.send(delivery_id)
    line.clock.advance(HALF_A_MINUTE)
    other = line.another_sender()
    line.channel.before_answer = lambda message, _: other.send(message.delivery_id)
    line.sender.send(delivery_id)
    assert len(line.channel.looked_up) == 1
    assert len(line.channel.taken) == 1


def record(body: str, provider_id: str = "SM1", minutes: float = 0) -> CarrierRecord:
    return CarrierRecord(provider_id, LINH, body, "sent", NOW + timedelta(minutes=minutes))


def test_records_from_long_before_are_no_evidence() -> None:
    assert look_for("Hi", NOW, [record("Hi", minutes=-3)], ()).verdict is Verdict.ABSENT
    assert look_for("Hi", NOW, [record("Hi", minutes=-1)], ()).verdict is Verdict.FOUND


def test_records_of_other_deliveries_are_no_evidence() -> None:
    finding = look_for("Hi", NOW, [record("Hi", "SM1"), record("Hi", "SM2")], {"SM1"})
    assert finding.record is not None and finding.record.provider_id == "SM2"
    assert look_for("Hi", NOW, [record("", "SM1")], {"SM1"}).verdict is Verdict.ABSENT


@pytest.mark.parametrize(
    ("listed", "ours", "same"),
    [
        ("Hello", "Hello", True),
        ("Hello ", "Hello\n", True),
        ('He said "no" - fine...', "He said “no” – fine…", True),
        ("Sent from your Twilio trial account - Hello", "Hello", True),
        ("١. نعم", "\u2068١. نعم\u2069", True),
        ("Hello there", "Hello", False),
        ("ano", "año", False),
        ("", "", False),
    ],
)
def test_a_text_is_recognised_despite_what_carriers_do_to_it(listed: str, ours: str, same: bool) -> None:
    assert same_text(listed, ours) is same
