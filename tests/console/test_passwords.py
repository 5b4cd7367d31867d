"""Tries at a password are counted, also when they come all at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from bot.console.passwords import REST, TRIES, check_log_in
from bot.storage.session import Database
from bot.storage.staff import Account, TryRule, count_log_in
from tests.conftest import FixedClock
from tests.console.house import PASSWORD, Cast, settle_cast


@pytest.fixture
def cast(database: Database, clock: FixedClock) -> Cast:
    """The people, on both kinds of database."""
    return settle_cast(database, clock.now())


def _rosa(database: Database) -> Account:
    with database.read() as session:
        return session.scalars(select(Account).where(Account.username == "rosa")).one()


def test_of_many_tries_at_once_on_two_servers_only_five_count(
    database: Database, cast: Cast, clock: FixedClock
) -> None:
    other = Database(database.engine.url.render_as_string(hide_password=False))
    at_once = threading.Barrier(10)

    def attempt(number: int) -> bool:
        with (database, other)[number % 2].write() as session:
            session.connection()
            if not database.embedded:  # SQLite lets one in at a time: the others would never arrive here
                at_once.wait(timeout=20)
            return count_log_in(session, "ROSA", TryRule(TRIES, clock.now(), clock.now() + REST))

    with ThreadPoolExecutor(10) as threads:
        counted = list(threads.map(attempt, range(10)))
    other.close()
    assert sum(counted) == TRIES
    rosa = _rosa(database)
    assert (rosa.failed_logins, rosa.locked_until) == (TRIES, clock.now() + REST)


def test_after_the_rest_five_new_tries_begin(database: Database, cast: Cast, clock: FixedClock) -> None:
    for _ in range(TRIES + 2):
        assert check_log_in(database, "rosa", "wrong", clock.now()) is None
    assert check_log_in(database, "rosa", PASSWORD, clock.now()) is None
    clock.advance(REST)
    assert check_log_in(database, "rosa", "wrong", clock.now()) is None
    rosa = _rosa(database)
    assert (rosa.failed_logins, rosa.locked_until) == (1, None)
    person = check_log_in(database, "rosa", PASSWORD, clock.now())
    assert person is not None and person.username == "rosa"
    assert _rosa(database).failed_logins == 0


def test_a_try_on_nobodys_name_counts_nowhere(database: Database, cast: Cast, clock: FixedClock) -> None:
    assert check_log_in(database, "nobody", PASSWORD, clock.now()) is None
    with database.read() as session:
        assert set(session.scalars(select(Account.failed_logins))) == {0}
