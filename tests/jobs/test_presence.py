"""Processes show life; what a dead one held is freed, what a living one holds is left alone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.jobs.housekeeping import FORGOTTEN_AFTER, Housekeeping
from bot.jobs.presence import Presence
from bot.storage.conversations import Turn
from bot.storage.heartbeats import list_processes, owner_of
from bot.storage.session import Database
from tests import cast
from tests.conftest import FixedClock


def _presence(database: Database, clock: FixedClock, owner: str) -> Presence:
    return Presence(database, clock, owner, lambda: {"role": "worker"})


def _owners(database: Database) -> list[str]:
    with database.read() as session:
        return [owner_of(beat) for beat in list_processes(session)]


def _claimed_by(database: Database, clock: FixedClock, *owners: str) -> None:
    with database.write() as session:
        line = cast.converse(session, cast.STRANGER, clock.now())
        for owner in owners:
            turn = cast.say(session, line, "hello", clock.now())
            turn.status, turn.owner, turn.lease_until = "claimed", owner, clock.now() + timedelta(minutes=10)


def _turns(database: Database) -> list[tuple[str, str | None]]:
    with database.read() as session:
        return [(turn.status, turn.owner) for turn in session.scalars(select(Turn).order_by(Turn.id))]


def test_a_process_is_one_row_that_moves_and_goes_when_it_ends(database: Database, clock: FixedClock) -> None:
    presence = _presence(database, clock, "host:1:a")
    presence.show()
    clock.advance(timedelta(seconds=3))
    presence.show()
    with database.read() as session:
        beats = [(beat.at, beat.detail) for beat in list_processes(session)]
    assert beats == [(clock.now(), {"role": "worker"})]
    presence.stop()
    assert _owners(database) == []


def test_turns_of_a_dead_process_are_freed_before_their_lease_ends(
    database: Database, clock: FixedClock
) -> None:
    living = _presence(database, clock, "living")
    for presence in (living, _presence(database, clock, "dead")):
        presence.show()
    _claimed_by(database, clock, "living", "dead", "a command without a sign of life")
    clock.advance(timedelta(seconds=13))
    living.show()
    Housekeeping(database, clock).free_turns()
    assert _turns(database) == [
        ("claimed", "living"),
        ("waiting", None),
        ("claimed", "a command without a sign of life"),
    ]


def test_a_process_that_is_slow_to_show_life_keeps_its_turns(database: Database, clock: FixedClock) -> None:
    _presence(database, clock, "slow").show()
    _claimed_by(database, clock, "slow")
    clock.advance(timedelta(seconds=11))
    Housekeeping(database, clock).free_turns()
    assert _turns(database) == [("claimed", "slow")]


def test_the_dead_are_forgotten_after_a_while(database: Database, clock: FixedClock) -> None:
    _presence(database, clock, "dead").show()
    clock.advance(FORGOTTEN_AFTER)
    Housekeeping(database, clock).free_turns()
    assert _owners(database) == ["dead"]
    clock.advance(timedelta(seconds=1))
    Housekeeping(database, clock).free_turns()
    assert _owners(database) == []


def test_forgetting_jobs_needs_none(database: Database, clock: FixedClock) -> None:
    Housekeeping(database, clock).forget_jobs()
    assert _turns(database) == []
