"""A message lands once, whatever the carrier repeats."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.inbox.landing import TAKE_TURN, land
from bot.model.messages import InboundMessage, Media
from bot.storage.conversations import Message, Turn
from bot.storage.session import Database
from tests.conftest import FixedClock


class RecordingQueue:
    """A queue that only writes down what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, str | None]] = []

    def enqueue(
        self,
        session: Session,
        job: str,
        row_id: int,
        *,
        key: str | None = None,
        at: datetime | None = None,
        priority: int = 0,
    ) -> None:
        """Write it down."""
        self.asked.append((job, row_id, key))


def text(clock: FixedClock, provider_id: str = "SM1", body: str = "hello") -> InboundMessage:
    """A text from a phone."""
    return InboundMessage("sms", provider_id, "+15105550178", "+15105550190", body, clock.now())


def test_a_message_and_its_turn_are_stored_and_the_turn_is_enqueued(
    database: Database, clock: FixedClock
) -> None:
    queue = RecordingQueue()
    with database.write() as session:
        turn_id = land(session, replace(text(clock), media=(Media("https://x/1", "image/png"),)), queue)
    assert turn_id is not None
    assert queue.asked == [(TAKE_TURN, turn_id, "sms:+15105550178")]
    with database.read() as session:
        turn = session.get_one(Turn, turn_id)
        assert (turn.status, turn.message.body, turn.message.media) == (
            "waiting", "hello", [{"url": "https://x/1", "content_type": "image/png"}],
        )  # fmt: skip


def test_a_repeat_changes_nothing_and_makes_no_second_turn(database: Database, clock: FixedClock) -> None:
    queue = RecordingQueue()
    for body in ("hello", "hello", "another body under the same id"):
        with database.write() as session:
            land(session, text(clock, body=body), queue)
    with database.read() as session:
        assert session.scalar(select(func.count(Message.id))) == 1
        assert session.scalar(select(Message.body)) == "hello"
    assert len(queue.asked) == 1


def test_fifty_repeats_at_once_make_one_turn(database: Database, clock: FixedClock) -> None:
    def arrive(_: int) -> int | None:
        with database.write() as session:
            return land(session, text(clock), RecordingQueue())

    with ThreadPoolExecutor(10) as pool:
        landed = [turn for turn in pool.map(arrive, range(50)) if turn is not None]
    assert len(landed) == 1
