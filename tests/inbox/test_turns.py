"""Turns are taken in order per line, by one worker at a time, and finished by whoever holds them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.inbox.landing import land
from bot.inbox.turns import claim, finish, left_behind, next_open, release_all
from bot.model.errors import Taken
from bot.model.messages import InboundMessage
from bot.storage.conversations import Turn
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.outbox.fakes import FakeQueue

LEASE = timedelta(seconds=40)


def arrive(database: Database, clock: FixedClock, number: int, sender: str = "+15105550178") -> int:
    """A text lands; its turn's id."""
    with database.write() as session:
        message = InboundMessage("sms", f"SM{number}", sender, "+15105550190", "hello", clock.now())
        turn_id = land(session, message, FakeQueue())
    assert turn_id is not None
    return turn_id


def take(database: Database, clock: FixedClock, turn_id: int, owner: str = "one") -> Turn | None:
    """Try to claim."""
    with database.write() as session:
        return claim(session, turn_id, owner=owner, now=clock.now(), lease=LEASE)


def test_a_turn_is_claimed_by_one_worker_only(database: Database, clock: FixedClock) -> None:
    turn_id = arrive(database, clock, 1)
    claimed = take(database, clock, turn_id)
    assert claimed is not None and claimed.attempts == 1
    assert take(database, clock, turn_id, "two") is None


def test_a_later_text_of_the_same_phone_waits_for_the_earlier_one(
    database: Database, clock: FixedClock
) -> None:
    first, second = arrive(database, clock, 1), arrive(database, clock, 2)
    assert take(database, clock, second) is None
    held = take(database, clock, first)
    assert held is not None
    with database.write() as session:
        finish(session, held, owner="one", now=clock.now(), understood={"intent": "greet"})
        assert next_open(session, held.line) == second
    assert take(database, clock, second) is not None


def test_another_phone_does_not_wait(database: Database, clock: FixedClock) -> None:
    arrive(database, clock, 1)
    assert take(database, clock, arrive(database, clock, 2, "+15105550111")) is not None


def test_a_lease_that_ran_out_passes_on_and_the_first_worker_may_no_longer_finish(
    database: Database, clock: FixedClock
) -> None:
    turn_id = arrive(database, clock, 1)
    slow = take(database, clock, turn_id, "slow")
    clock.advance(LEASE + timedelta(seconds=1))
    assert take(database, clock, turn_id, "fast") is not None
    assert slow is not None
    with pytest.raises(Taken), database.write() as session:
        finish(session, slow, owner="slow", now=clock.now(), understood=None)
    with database.read() as session:
        assert session.get_one(Turn, turn_id).owner == "fast"


def test_the_sweep_finds_turns_that_wait_and_those_whose_worker_died(
    database: Database, clock: FixedClock
) -> None:
    waiting = arrive(database, clock, 1)
    dead = arrive(database, clock, 2, "+15105550111")
    take(database, clock, dead)
    with database.read() as session:
        assert left_behind(session, now=clock.now(), older_than=timedelta(seconds=1)) == []
    clock.advance(timedelta(seconds=2))
    with database.read() as session:
        assert left_behind(session, now=clock.now(), older_than=timedelta(seconds=1)) == [waiting]
    clock.advance(LEASE)
    with database.read() as session:
        assert left_behind(session, now=clock.now(), older_than=timedelta(seconds=1)) == [waiting, dead]


def test_at_the_start_of_the_only_process_every_claim_is_void(database: Database, clock: FixedClock) -> None:
    turn_id = arrive(database, clock, 1)
    take(database, clock, turn_id, "dead process")
    with database.write() as session:
        assert release_all(session) == 1
    assert take(database, clock, turn_id, "new process") is not None
