"""What goes first in a process keeps broadcasts aside, and not for ever."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.outbox.lanes import Lanes, Pace
from bot.outbox.precedence import Precedence
from bot.outbox.sending import Sender
from bot.storage.conversations import Message, Turn
from bot.storage.deliveries import Delivery
from bot.storage.replies_under_way import is_reply_under_way
from tests.conftest import MONDAY_MORNING
from tests.outbox.conftest import LINH, RULES, Line


def test_others_stand_aside_until_the_last_job_that_goes_first_has_ended() -> None:
    precedence, ends = Precedence(aside=30), [threading.Event(), threading.Event()]
    job = precedence.first(lambda number: ends[number].wait(30) and None)
    with ThreadPoolExecutor(3) as threads:
        going = [threads.submit(job, number) for number in range(2)]
        while not all(one.running() for one in going):
            time.sleep(0.001)
        aside = threads.submit(precedence.stand_aside)
        ends[0].set()
        going[0].result(30)
        assert not aside.done()
        ends[1].set()
        aside.result(30)


def test_nobody_stands_aside_for_nothing_and_nobody_for_long() -> None:
    precedence = Precedence(aside=0.05)
    began = time.monotonic()
    precedence.first(lambda _: precedence.stand_aside())(1)  # it ends although this very job goes first
    assert time.monotonic() - began >= 0.05
    quiet = Precedence(aside=3600)
    quiet.stand_aside()


def test_a_job_that_fails_does_not_go_first_for_ever_and_its_answer_comes_back() -> None:
    precedence = Precedence(aside=3600)

    def fail(_: int) -> int | None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        precedence.first(fail)(1)
    precedence.stand_aside()
    assert precedence.first(lambda row: row + 1)(1) == 2


def test_what_goes_first_elsewhere_counts_until_it_is_told_otherwise() -> None:
    precedence = Precedence(aside=0.05)
    precedence.elsewhere(True)
    began = time.monotonic()
    precedence.first(lambda _: None)(1)  # its end does not make the other process's work end
    precedence.stand_aside()
    assert time.monotonic() - began >= 0.05
    precedence.elsewhere(False)
    Precedence(aside=3600).stand_aside()


class Noted(Precedence):
    """Notes what it is told of other processes."""

    def __init__(self) -> None:
        super().__init__(aside=0)
        self.told: list[bool] = []

    def elsewhere(self, under_way: bool) -> None:
        self.told.append(under_way)


@pytest.mark.parametrize(
    ("changes", "under_way"),
    [
        ({}, True),
        ({"state": "sent"}, False),
        ({"due_at": MONDAY_MORNING - timedelta(minutes=1)}, False),
        ({"due_at": MONDAY_MORNING + timedelta(minutes=1)}, False),
    ],
    ids=["waits", "was sent", "has waited for long", "is not due yet"],
)
def test_lanes_that_share_the_work_see_replies_of_other_processes(
    any_line: Line, changes: dict[str, object], under_way: bool
) -> None:
    line, noted, alone = any_line, Noted(), Noted()
    reply = line.queue()
    with line.database.write() as session:
        session.execute(update(Delivery).where(Delivery.id == reply).values(changes or {"state": "queued"}))
    line.queue_many(1)
    sender = Sender(line.database, {"sms": line.channel}, line.clock, "me", RULES)
    Lanes(line.database, sender, line.clock, Pace(threads=1), precedence=noted, count=4).run(0)
    assert noted.told and set(noted.told) == {under_way}
    Lanes(line.database, sender, line.clock, Pace(threads=1), precedence=alone).run(0)
    assert alone.told == []


def test_a_text_that_is_being_answered_is_a_reply_under_way(any_line: Line) -> None:
    line = any_line
    with line.database.write() as session:
        message = Message(
            channel="sms",
            provider_id="SM1",
            sender=LINH,
            recipient="+1",
            body="?",
            received_at=MONDAY_MORNING,
        )
        session.add(message)
        session.flush()
        session.add(
            Turn(message_id=message.id, line=f"sms:{LINH}", created_at=MONDAY_MORNING, status="claimed")
        )
    with line.database.read() as session:
        assert is_reply_under_way(session, MONDAY_MORNING)
        assert not is_reply_under_way(session, MONDAY_MORNING + timedelta(minutes=1)), "its process is dead"
