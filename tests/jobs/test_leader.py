"""Of many clocks one ticks, and another follows when it dies. (With real processes: tests/journeys/.)"""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from bot.jobs.leader import Leader
from bot.storage.session import Database

LONG = 30.0
QUICK = 0.02


class Ticks:
    """Stands in for a scheduler: knows whether it runs."""

    def __init__(self) -> None:
        self.running = False
        self.built = 0
        self.waited: list[bool] = []
        self.ended = threading.Event()

    def build(self) -> Ticks:
        """Once more."""
        self.built += 1
        return self

    def start(self) -> None:
        """Begin."""
        self.running = True

    def shutdown(self, wait: bool = True) -> None:
        """End."""
        self.running = False
        self.waited.append(wait)
        self.ended.set()


@pytest.fixture
def shared(postgresql_database: Database) -> Database:
    """A PostgreSQL with all tables and no row."""
    return postgresql_database


def _cut_the_leader(database: Database) -> None:
    with database.write() as session:
        session.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        )


def test_of_two_clocks_one_ticks_and_the_other_follows_when_it_stops(shared: Database) -> None:
    first, second = Ticks(), Ticks()
    leader, deputy = Leader(shared, first.build, QUICK), Leader(shared, second.build, QUICK)
    leader.start()
    assert leader.wait_until_leading(LONG)
    deputy.start()
    assert not deputy.wait_until_leading(0.3)
    assert (first.running, second.running) == (True, False)
    leader.stop()
    assert deputy.wait_until_leading(LONG)
    assert (first.running, second.running, leader.leads, deputy.leads) == (False, True, False, True)
    assert first.waited == [True], "ticks that had begun were not finished"
    deputy.stop()


def test_a_lost_connection_is_lost_leadership_until_the_lock_is_had_again(shared: Database) -> None:
    ticks = Ticks()
    leader = Leader(shared, ticks.build, QUICK)
    leader.start()
    assert leader.wait_until_leading(LONG)
    _cut_the_leader(shared)
    assert ticks.ended.wait(LONG)
    assert ticks.waited == [False], "the successor ticks already: nobody waits"
    assert leader.wait_until_leading(LONG)
    assert (ticks.built, ticks.running) == (2, True)
    leader.stop()


def test_a_clock_that_never_led_stops(shared: Database) -> None:
    ticks = Ticks()
    leader = Leader(shared, ticks.build, QUICK)
    leader.stop()
    assert ticks.built == 0
