"""What all tests share: a database of each kind, a clock that stands still."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import disk_usage
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from bot import app
from bot.conversation.loading import load_flows
from bot.settings import ROOT
from bot.storage import job_engine
from bot.storage.migrating import migrate
from bot.storage.schema import metadata
from bot.storage.session import Database
from bot.understanding import commands
from bot.understanding.loading import LoadedClassifier, load_classifier
from bot.understanding.lookups import load_lookups
from tests import postgres
from tests.databases import EmptyPostgres, EmptySqlite

MODELS = ROOT / "models"
IN_MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
"""Bytes that must be free there; a run takes half a gigabyte."""


def pytest_configure() -> None:
    """Files of tests lie in memory where there is room: none has to outlive the run, and each sync of a disk takes time."""
    gc.set_threshold(100_000)  # until all tests are collected: little of it is ever unreachable
    if "TMPDIR" not in os.environ and os.access(IN_MEMORY, os.W_OK) and disk_usage(IN_MEMORY).free >= ROOM:
        tempfile.tempdir = str(IN_MEMORY)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In continuous integration nothing may skip: a skip there means that a check did not happen."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_collection_finish() -> None:
    """What stands now stands to the end: looking through it for garbage again and again took a sixteenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


MONDAY_MORNING = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)  # 9:00 in Los Angeles


@pytest.fixture(scope="session", autouse=True)
def _pages_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A page's template costs 0.1 s to compile, and every test of the console has an app of its own."""
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(run_folder(tmp_path_factory)))}


@pytest.fixture(scope="session", autouse=True)
def _routes_compiled_once() -> None:
    """Werkzeug makes two functions of the text of each route, of some fifty routes for each app of a test."""
    made: dict[tuple[object, ...], Any] = {}
    compile_builder = Rule._compile_builder

    def compiled(rule: Rule, append_unknown: bool = True) -> Any:
        key = (tuple(rule._trace), repr(rule.defaults), append_unknown)  # all that it is made of
        if key not in made:
            made[key] = compile_builder(rule, append_unknown)
        return made[key]

    Rule._compile_builder = compiled  # type: ignore[method-assign, assignment]


@pytest.fixture(scope="session", autouse=True)
def _shipped_files_read_once() -> None:
    """The keyword tables take 0.2 s to read, the model and the flows half of that, and many tests build a product of
    their own. Nobody changes them once they are read."""
    commands.load_lookups = app.load_lookups = cache(load_lookups)  # type: ignore[attr-defined]
    shipped = cache(load_classifier)
    flows = cache(load_flows)

    def classifier(models: Path, nlu_url: str | None = None) -> LoadedClassifier:
        return shipped(models) if (models, nlu_url) == (MODELS, None) else load_classifier(models, nlu_url)

    app.load_classifier = classifier  # type: ignore[attr-defined]
    app.load_flows = lambda folder, actions: flows(folder, frozenset(actions))  # type: ignore[attr-defined]


def run_folder(factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run of the tests share."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long go first, so that no process of the run is left with one when the others have ended."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


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
def postgres_url() -> Iterator[str]:
    """A PostgreSQL that answers, or a skip that says why there is none."""
    with postgres.server() as url:
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
def migrated_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file as a start of the product leaves it: all migrations, no row."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"
    made = Database(f"sqlite:///{path}")
    migrate(made)
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


@pytest.fixture(scope="session")
def empty_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmptySqlite]:
    """The SQLite file that tests use one after another."""
    made = EmptySqlite(sqlite_template, tmp_path_factory.mktemp("shared"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def empty_postgres(postgres_home: str) -> Iterator[EmptyPostgres]:
    """The PostgreSQL database that tests use one after another."""
    made = EmptyPostgres(postgres_home)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database with all tables, of each kind in turn."""
    made: Database = request.getfixturevalue(f"{request.param}_database")
    yield made


@pytest.fixture
def sqlite_database(empty_sqlite: EmptySqlite) -> Iterator[Database]:
    """An empty SQLite database, where the kind makes no difference to the test."""
    made = empty_sqlite.fresh()
    yield made
    made.close()


@pytest.fixture
def postgresql_database(empty_postgres: EmptyPostgres) -> Iterator[Database]:
    """An empty PostgreSQL database."""
    made = empty_postgres.fresh()
    yield made
    made.close()
