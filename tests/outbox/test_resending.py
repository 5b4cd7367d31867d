"""A text that somebody wants tried again: sent as it was, and checked like every other before it leaves."""

from __future__ import annotations

import pytest

from bot.model.errors import BadInput, CarrierError
from bot.outbox.resending import send_again
from bot.school.consent import Will, stop
from tests.outbox.conftest import LINH, Line

REFUSED = CarrierError("This is a landline.", code=21614, permanent=True)


def lost(line: Line) -> int:
    """A text that the carrier refused for good."""
    delivery_id = line.queue("Picture day is on Friday.")
    line.channel.script = [REFUSED]
    line.sender.send(delivery_id)
    assert line.state(delivery_id) == "failed"
    return delivery_id


def try_again(line: Line, delivery_id: int) -> int:
    with line.database.write() as session:
        return send_again(session, delivery_id, line.clock.now()).id


def test_the_sweep_sends_it_as_it_was(any_line: Line) -> None:
    again = try_again(any_line, lost(any_line))
    assert any_line.sender.due() == [again]
    any_line.drain()
    assert (any_line.state(again), any_line.channel.bodies) == ("sent", ["Picture day is on Friday."])


def test_a_stop_since_then_counts(any_line: Line) -> None:
    delivery_id = lost(any_line)
    with any_line.database.write() as session:
        stop(session, "sms", LINH, Will("STOP", "en", "message", "family"), any_line.clock.now())
    again = try_again(any_line, delivery_id)
    any_line.drain()
    assert (any_line.state(again), any_line.channel.bodies) == ("suppressed", [])


def test_it_is_tried_again_once(any_line: Line) -> None:
    delivery_id = lost(any_line)
    again = try_again(any_line, delivery_id)
    with pytest.raises(BadInput, match=f"as {again}"):
        try_again(any_line, delivery_id)
    assert [row.id for row in any_line.rows()] == [delivery_id, again]
