"""What all tests share: a database of each kind, a clock that stands still."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.storage import job_engine
from bot.storage.schema import metadata
from bot.storage.session import Database
from tests import postgres


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In continuous integration nothing may skip: a skip there means that a check did not happen."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


MONDAY_MORNING = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)  # 9:00 in Los Angeles


class FixedClock:
    """A clock that moves only when told."""

    def __init__(self, start: datetime = MONDAY_MORNING) -> None:
        self._now = start

    def now(self) -> datetime:
        """The moment it was set to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by

    def set(self, moment: datetime) -> None:
        """Jump."""
        self._now = moment


@pytest.fixture
def clock() -> FixedClock:
    """Monday morning, 9:00 at the schools."""
    return FixedClock()


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL that answers, or a skip that says why there is none."""
    with postgres.server(tmp_path_factory) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables and no row: a copy of it is ten times quicker than making the tables."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    made = Database(f"sqlite:///{path}")
    metadata.create_all(made.engine)
    made.close()
    return path


@pytest.fixture(scope="session")
def postgres_home(postgres_url: str) -> Iterator[str]:
    """A database with all tables, emptied before each test."""
    with postgres.fresh_database(postgres_url) as url:
        made = Database(url)
        metadata.create_all(made.engine)
        with made.engine.begin() as connection:
            job_engine.install(connection)
        made.close()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with all tables, of each kind in turn."""
    if request.param == "sqlite":
        yield from _sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    url = request.getfixturevalue("postgres_home")
    postgres.empty(url)
    made = Database(url)
    yield made
    made.close()


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database, where the kind makes no difference to the test."""
    yield from _sqlite(sqlite_template, tmp_path)


def _sqlite(template: Path, folder: Path) -> Iterator[Database]:
    path = folder / "homeline.db"
    shutil.copy(template, path)
    made = Database(f"sqlite:///{path}")
    yield made
    made.close()
