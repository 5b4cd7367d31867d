"""The console's house, fresh for every test, on SQLite: its queries are tested on both kinds in tests/storage."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from bot.console import passwords
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.console.house import (
    HASHER,
    Browser,
    Cast,
    PlainLine,
    SignIn,
    hear,
    make_app,
    open_case,
    settle_cast,
)


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", lambda: HASHER)


@pytest.fixture
def cast(sqlite_database: Database, clock: FixedClock) -> Cast:
    """The people."""
    return settle_cast(sqlite_database, clock.now())


@pytest.fixture
def line(clock: FixedClock) -> PlainLine:
    """The way to the families."""
    return PlainLine(clock)


@pytest.fixture
def app(sqlite_database: Database, clock: FixedClock, line: PlainLine) -> Flask:
    """The console alone."""
    return make_app(sqlite_database, clock, line)


@pytest.fixture
def browser(app: Flask, cast: Cast) -> Browser:
    """A browser nobody is signed in at."""
    return Browser(app.test_client())


@pytest.fixture
def signed_in(app: Flask, cast: Cast) -> SignIn:
    """A browser somebody is signed in at."""

    def sign_in(username: str) -> Browser:
        person = Browser(app.test_client())
        assert person.sign_in(username).status_code == 302
        return person

    return sign_in


@pytest.fixture
def case(sqlite_database: Database, cast: Cast, clock: FixedClock) -> int:
    """María's concern about the bus, with the turn it came from."""
    turn = hear(
        sqlite_database, cast, "Mi hija tiene miedo en el autobús.", clock.now() - timedelta(minutes=1)
    )
    return open_case(sqlite_database, cast, clock.now(), turn_id=turn)
