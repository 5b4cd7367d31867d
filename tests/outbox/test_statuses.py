"""Reports of the carrier only move a delivery forward, however they come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model.delivery import DeliveryState
from bot.model.messages import OutboundMessage, StatusReport
from bot.outbox.statuses import MEANING, apply_status, attach_strays
from bot.school.consent import is_stopped
from bot.storage.deliveries import StatusEvent
from tests.conftest import FixedClock
from tests.databases import EmptySqlite
from tests.outbox.conftest import LINH, Line, line_on


def report(
    line: Line,
    status: str,
    provider_id: str,
    delivery_id: int | None = None,
    error_code: int | None = None,
    **known: object,
) -> DeliveryState | None:
    with line.database.write() as session:
        made = StatusReport("sms", provider_id, status, line.clock.now(), delivery_id, error_code, **known)  # type: ignore[arg-type]
        return apply_status(session, made)


def sent(line: Line, body: str = "Hello.") -> tuple[int, str]:
    delivery_id = line.queue(body)
    line.sender.send(delivery_id)
    provider_id = line.row(delivery_id).provider_id
    assert provider_id is not None
    return delivery_id, provider_id


def test_reports_move_a_delivery_to_its_end(line: Line) -> None:
    delivery_id, provider_id = sent(line)
    assert report(line, "sent", provider_id) is DeliveryState.SENT
    line.clock.advance(timedelta(seconds=3))
    assert report(line, "delivered", provider_id) is DeliveryState.DELIVERED
    assert line.row(delivery_id).finished_at == line.clock.now()
    assert report(line, "sent", provider_id) is DeliveryState.DELIVERED
    assert report(line, "read", provider_id) is DeliveryState.DELIVERED


def test_a_repeat_is_kept_once(any_line: Line) -> None:
    line = any_line
    _, provider_id = sent(line)
    for _ in range(3):
        report(line, "delivered", provider_id)
    with line.database.read() as session:
        assert session.query(StatusEvent).count() == 1


def test_a_failure_puts_number_and_plain_words_on_the_row(line: Line) -> None:
    delivery_id, provider_id = sent(line)
    report(line, "undelivered", provider_id, error_code=30006, reason="This is a landline.")
    row = line.row(delivery_id)
    assert (row.state, row.error_code, row.reason) == ("undelivered", 30006, "This is a landline.")
    other, its_id = sent(line)
    report(line, "failed", its_id)
    assert line.row(other).reason == "The carrier could not deliver the text and gave no reason."


def test_a_late_delivery_after_a_failure_is_good_news(any_line: Line) -> None:
    line = any_line
    delivery_id, provider_id = sent(line)
    report(line, "undelivered", provider_id, error_code=30003, reason="off", resends=2)
    [again] = [row for row in line.rows() if row.resend_of == delivery_id]
    assert (again.state, again.body) == ("held", "Hello.")
    report(line, "delivered", provider_id)
    row = line.row(delivery_id)
    assert (row.state, row.error_code, row.reason) == ("delivered", None, None)
    assert line.state(again.id) == "cancelled"


def test_a_phone_that_was_off_is_tried_again_later_and_not_for_ever(line: Line) -> None:
    delivery_id, provider_id = sent(line)
    for _ in range(5):
        report(line, "undelivered", provider_id, error_code=30003, reason="off", resends=2)
        line.clock.advance(timedelta(hours=4))
        line.drain()
        provider_id = line.rows()[-1].provider_id or ""
    assert line.channel.bodies == ["Hello."] * 3
    assert [row.resends for row in line.rows()] == [0, 1, 2]
    assert {row.resend_of for row in line.rows()} == {None, delivery_id}


def test_a_later_try_does_not_wake_anybody_at_night(line: Line) -> None:
    line.clock.advance(timedelta(hours=10, minutes=45))  # 19:45 at the schools
    _, provider_id = sent(line)
    report(line, "undelivered", provider_id, error_code=30003, reason="off", resends=1)
    line.clock.advance(timedelta(hours=1))
    line.drain()
    assert line.channel.bodies == ["Hello."]
    line.clock.advance(timedelta(hours=12))
    line.drain()
    assert line.channel.bodies == ["Hello.", "Hello."]


def test_confirmations_and_alarms_are_not_repeated_later(line: Line) -> None:
    delivery_id = line.queue("Call 988.", kind="crisis")
    line.sender.send(delivery_id)
    report(line, "undelivered", line.row(delivery_id).provider_id or "", error_code=30003, resends=2)
    assert len(line.rows()) == 1


def test_a_report_may_come_before_the_answer_to_our_own_request(line: Line) -> None:
    delivery_id = line.queue()
    states: list[DeliveryState | None] = []

    def overtake(message: OutboundMessage, provider_id: str) -> None:
        states.append(report(line, "delivered", provider_id, message.delivery_id))

    line.channel.before_answer = overtake
    line.sender.send(delivery_id)
    row = line.row(delivery_id)
    assert states == [DeliveryState.DELIVERED]
    assert (row.state, row.provider_id) == ("delivered", line.channel.taken[0].provider_id)


def test_a_report_without_our_id_before_the_answer_is_kept_and_joined(any_line: Line) -> None:
    line = any_line
    delivery_id = line.queue()
    states: list[DeliveryState | None] = []
    line.channel.before_answer = lambda _, provider_id: states.append(report(line, "delivered", provider_id))
    line.sender.send(delivery_id)
    assert states == [None]
    assert line.state(delivery_id) == "delivered"


def test_a_report_of_something_we_never_sent_is_kept_and_harms_nobody(line: Line) -> None:
    assert report(line, "delivered", "SMunknown") is None
    assert report(line, "delivered", "SMunknown", delivery_id=999) is None
    with line.database.write() as session:
        assert session.query(StatusEvent).count() == 1
        assert attach_strays(session) == 0


def test_a_report_that_slipped_past_both_sides_is_joined_by_the_sweep(any_line: Line) -> None:
    line = any_line
    delivery_id, provider_id = sent(line)
    with line.database.write() as session:
        event = StatusEvent(
            channel="sms", provider_id=provider_id, status="delivered", received_at=line.clock.now()
        )
        session.add(event)
    with line.database.write() as session:
        assert attach_strays(session) == 1
    assert line.state(delivery_id) == "delivered"
    with line.database.write() as session:
        assert attach_strays(session) == 0


def test_a_report_for_another_channels_delivery_moves_nothing(line: Line) -> None:
    delivery_id, _ = sent(line)
    with line.database.write() as session:
        moved = apply_status(
            session, StatusReport("pigeon", "P1", "delivered", line.clock.now(), delivery_id)
        )
    assert (moved, line.state(delivery_id)) == (None, "sent")


def test_an_unknown_word_is_kept_and_moves_nothing(line: Line) -> None:
    delivery_id, provider_id = sent(line)
    assert report(line, "teleported", provider_id) is DeliveryState.SENT
    assert line.state(delivery_id) == "sent"


def test_a_text_that_left_twice_listens_to_the_other_only_for_good_news(line: Line) -> None:
    delivery_id, provider_id = sent(line)
    report(line, "undelivered", "SMother", delivery_id, 30003)
    assert (line.state(delivery_id), line.row(delivery_id).provider_id) == ("sent", provider_id)
    report(line, "delivered", "SMother", delivery_id)
    assert (line.state(delivery_id), line.row(delivery_id).provider_id) == ("delivered", provider_id)


def test_a_stop_at_the_carrier_reaches_our_ledger_once(line: Line) -> None:
    _, provider_id = sent(line)
    waiting = line.queue("another")
    report(line, "undelivered", provider_id, error_code=21610, reason="STOP", opted_out=True)
    report(line, "failed", provider_id, error_code=21610, reason="STOP", opted_out=True)
    with line.database.read() as session:
        assert is_stopped(session, "sms", LINH)
    assert line.state(waiting) == "suppressed"


@pytest.mark.parametrize("word", ["accepted", "scheduled", "queued", "sending", "sent"])
def test_words_on_the_way_mean_that_the_carrier_has_it(word: str) -> None:
    assert MEANING[word] is DeliveryState.SENT


ENDS = [["delivered"], ["undelivered"], ["failed"], ["undelivered", "delivered"], ["delivered", "read"], []]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ending=st.sampled_from(ENDS), data=st.data())
def test_order_and_repeats_never_change_the_end(
    empty_sqlite: EmptySqlite, tmp_path: Path, ending: list[str], data: st.DataObject
) -> None:
    reports = ["queued", "sending", "sent", *ending]
    doubled = reports + data.draw(st.lists(st.sampled_from(reports), max_size=4))
    shuffled = data.draw(st.permutations(doubled))
    overtaking = data.draw(st.integers(0, len(shuffled)))
    named = data.draw(st.booleans())
    line = line_on(empty_sqlite.fresh(), FixedClock(), tmp_path)
    assert _end_of(line, shuffled, overtaking, named=named) == _expected(reports)


def _expected(reports: Sequence[str]) -> str:
    for word, state in (("delivered", "delivered"), ("undelivered", "undelivered"), ("failed", "failed")):
        if word in reports:
            return state
    return "sent"


def _end_of(line: Line, reports: Sequence[str], overtaking: int, *, named: bool) -> str:
    """The state after these reports, the first `overtaking` of which come before the carrier's answer."""
    delivery_id = line.queue()

    def overtake(message: OutboundMessage, provider_id: str) -> None:
        for status in reports[:overtaking]:
            report(line, status, provider_id, message.delivery_id if named else None)

    line.channel.before_answer = overtake
    line.sender.send(delivery_id)
    provider_id = line.channel.taken[0].provider_id
    for status in reports[overtaking:]:
        report(line, status, provider_id, delivery_id if named else None)
    state = line.state(delivery_id)
    assert line.row(delivery_id).provider_id == provider_id
    return state
