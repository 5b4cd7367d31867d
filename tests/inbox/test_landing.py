"""A message lands once, whatever the carrier repeats."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sqlalchemy import func, select

from bot.inbox.landing import TAKE_TURN, land
from bot.model.messages import InboundMessage, Media
from bot.storage.conversations import Message, Turn
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.outbox.fakes import FakeQueue


def text(clock: FixedClock, provider_id: str = "SM1", body: str = "hello") -> InboundMessage:
    """A text from a phone."""
    return InboundMessage("sms", provider_id, "+15105550178", "+15105550190", body, clock.now())


def test_a_message_and_its_turn_are_stored_and_the_turn_is_enqueued(
    database: Database, clock: FixedClock
) -> None:
    queue = FakeQueue()
    with database.write() as session:
        turn_id = land(session, replace(text(clock), media=(Media("https://x/1", "image/png"),)), queue)
    assert turn_id is not None
    assert queue.jobs == [(TAKE_TURN, turn_id, "sms:+15105550178", None)]
    with database.read() as session:
        turn = session.get_one(Turn, turn_id)
        assert (turn.status, turn.message.body, turn.message.media) == (
            "waiting", "hello", [{"url": "https://x/1", "content_type": "image/png"}],
        )  # fmt: skip


def test_a_repeat_changes_nothing_and_makes_no_second_turn(database: Database, clock: FixedClock) -> None:
    queue = FakeQueue()
    for body in ("hello", "hello", "another body under the same id"):
        with database.write() as session:
            land(session, text(clock, body=body), queue)
    with database.read() as session:
        assert session.scalar(select(func.count(Message.id))) == 1
        assert session.scalar(select(Message.body)) == "hello"
    assert len(queue.jobs) == 1


def test_fifty_repeats_at_once_make_one_turn(database: Database, clock: FixedClock) -> None:
    def arrive(_: int) -> int | None:
        with database.write() as session:
            return land(session, text(clock), FakeQueue())

    with ThreadPoolExecutor(10) as pool:
        landed = [turn for turn in pool.map(arrive, range(50)) if turn is not None]
    assert len(landed) == 1
