"""A line always gets its texts from the same number: the one it wrote to, else the one it was given."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bot.model.errors import CarrierError
from bot.model.pace import SenderLimits
from bot.storage.conversations import Conversation
from bot.storage.sender_numbers import SenderLine
from bot.storage.staff import AuditEvent
from tests.outbox.conftest import LINH, OMAR, Line
from tests.outbox.pools import OURS, SECOND, change_number, give_numbers, number, queue_bulk

THIRD = "+15105550192"
FIRST_TWO = (SenderLimits(OURS), SenderLimits(SECOND))


def writes_to(line: Line, ours: str, recipient: str = LINH) -> None:
    """The family's last text went to this number of ours."""
    with line.database.write() as session:
        found = session.query(Conversation).filter_by(address=recipient).one_or_none()
        if found is None:
            found = Conversation(channel="sms", address=recipient, language="en", created_at=line.clock.now())
            session.add(found)
        found.our_address = ours


def sent_from(line: Line, recipient: str = LINH) -> str | None:
    """Send one more text: the number it left from."""
    delivery_id = line.queue(recipient=recipient)
    line.sender.send(delivery_id)
    assert line.channel.seen[-1].sender == line.row(delivery_id).sender
    return line.row(delivery_id).sender


def test_an_answer_leaves_from_the_number_the_family_wrote_to(any_line: Line) -> None:
    line = give_numbers(any_line, *FIRST_TWO)
    writes_to(line, SECOND)
    assert sent_from(line) == SECOND
    writes_to(line, OURS)
    assert sent_from(line) == OURS
    writes_to(line, "+15105559999")  # not ours any more
    assert sent_from(line) in (OURS, SECOND)


def test_new_lines_are_spread_over_the_numbers_by_their_rates_and_keep_them(any_line: Line) -> None:
    line = give_numbers(any_line, SenderLimits(OURS, rate=100), SenderLimits(SECOND, rate=300))
    ids = queue_bulk(line, 40)
    for delivery_id in ids:
        line.sender.send(delivery_id)
    given = {line.row(i).recipient: line.row(i).sender for i in ids}
    assert Counter(given.values()) == {OURS: 10, SECOND: 30}
    assert (number(line).lines, number(line, SECOND).lines) == (10, 30)
    for recipient, sender in list(given.items())[:10]:
        assert sent_from(line, recipient) == sender


def test_a_new_line_is_not_given_a_number_that_rests_or_whose_day_is_over(line: Line) -> None:
    give_numbers(line, *FIRST_TWO)
    soon = line.clock.now() + timedelta(minutes=5)
    change_number(line, lambda row: setattr(row, "paused_until", soon))
    assert [sent_from(line, f"+1510888000{n}") for n in range(4)] == [SECOND] * 4


def test_lines_of_a_number_that_was_taken_out_are_given_another_one(any_line: Line) -> None:
    line = give_numbers(any_line, *FIRST_TWO)
    before = {person: sent_from(line, person) for person in (LINH, OMAR)}
    assert set(before.values()) == {OURS, SECOND}
    give_numbers(line, SenderLimits(SECOND), SenderLimits(THIRD))
    with line.database.read() as session:
        assert session.query(SenderLine).count() == 1
    after = {person: sent_from(line, person) for person in (LINH, OMAR)}
    for person, sender in before.items():
        assert after[person] == (sender if sender == SECOND else THIRD)
    give_numbers(line, *FIRST_TWO)
    assert not number(line, THIRD).active and number(line).active


def test_who_was_texted_from_the_only_number_stays_with_it_when_there_are_more(any_line: Line) -> None:
    line = give_numbers(any_line, SenderLimits(OURS))
    people = [f"+1510888000{n}" for n in range(4)]
    assert {sent_from(line, person) for person in people} == {OURS}
    give_numbers(line, *FIRST_TWO)
    assert {sent_from(line, person) for person in people} == {OURS}
    assert sent_from(line, LINH) == SECOND


def test_settings_change_the_limits_and_keep_what_was_counted(any_line: Line) -> None:
    line = give_numbers(any_line, SenderLimits(OURS, rate=1, daily=10))
    sent_from(line)
    give_numbers(line, SenderLimits(OURS, rate=2, daily=20))
    row = number(line)
    assert (row.rate, row.daily_segments, row.day_segments) == (2, 20, 1)


def test_the_carrier_is_asked_about_the_number_a_text_left_from(line: Line) -> None:
    give_numbers(line, *FIRST_TWO)
    writes_to(line, SECOND)
    delivery_id = line.queue()
    line.channel.script = [CarrierError("no answer", ambiguous=True)]
    line.sender.send(delivery_id)
    line.clock.advance(timedelta(minutes=2))
    line.sender.send(delivery_id)
    assert line.channel.looked_up_from == [SECOND]
    assert line.state(delivery_id) == "sent"


def test_a_channel_without_numbers_chooses_for_itself(line: Line) -> None:
    assert sent_from(line) is None


NO_WAY = {"code": 21612, "permanent": True, "other_sender": True}


def no_way() -> CarrierError:
    return CarrierError("The carrier cannot reach this number from ours.", **NO_WAY)  # type: ignore[arg-type]


def test_where_there_is_no_way_from_one_number_the_text_leaves_from_another_for_good(any_line: Line) -> None:
    line = give_numbers(any_line, *FIRST_TWO)
    writes_to(line, OURS)
    line.channel.script = [no_way()]
    text = line.queue()
    line.drain()
    assert [message.sender for message in line.channel.seen] == [OURS, SECOND]
    assert (line.state(text), line.row(text).sender, line.row(text).error_code) == ("sent", SECOND, None)
    writes_to(line, OURS)  # there is a way from it to us, but none back
    assert sent_from(line) == SECOND
    with line.database.read() as session:
        [told] = session.query(AuditEvent).filter_by(deed="line_moved").all()
    assert (told.subject_id, told.detail) == (text, {"from": OURS, "to": SECOND, "code": 21612})


def test_a_line_that_is_moved_counts_for_its_new_number(any_line: Line) -> None:
    line = give_numbers(any_line, *FIRST_TWO)
    assert sent_from(line) == OURS
    line.channel.script = [no_way()]
    line.queue()
    line.drain()
    assert (number(line).lines, number(line, SECOND).lines) == (0, 1)


def test_only_one_other_number_is_tried(any_line: Line) -> None:
    line = give_numbers(any_line, *FIRST_TWO, SenderLimits(THIRD))
    line.channel.script = [no_way(), no_way()]
    text = line.queue()
    line.drain()
    row = line.row(text)
    assert (row.state, row.attempts, row.error_code) == ("failed", 2, 21612)
    assert len({message.sender for message in line.channel.seen}) == 2


def test_with_a_single_number_no_way_is_final(line: Line) -> None:
    give_numbers(line, SenderLimits(OURS))
    line.channel.script = [no_way()]
    text = line.queue()
    line.drain()
    assert (line.state(text), line.row(text).attempts) == ("failed", 1)


def test_a_broadcasts_text_goes_another_way_too(line: Line) -> None:
    give_numbers(line, *FIRST_TWO)
    [text] = queue_bulk(line, 1)
    line.channel.script = [no_way()]
    for _ in range(3):
        line.lanes().run(0)
        line.clock.advance(timedelta(seconds=1))
    assert (line.state(text), line.row(text).sender) == ("sent", SECOND)
