"""The world of the transcripts, built once and copied for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage.schema import metadata
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.databases import EmptySqlite
from tests.flows.world import build_world


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the cast and all that surrounds it."""
    file = tmp_path_factory.mktemp("world") / "world.db"
    database = Database(f"sqlite:///{file}")
    metadata.create_all(database.engine)
    build_world(database, FixedClock())
    database.close()
    return file


@pytest.fixture(scope="session")
def many_worlds(world_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmptySqlite]:
    """Copies of it, one after another."""
    made = EmptySqlite(world_file, tmp_path_factory.mktemp("stage"))
    yield made
    made.close()


@pytest.fixture
def world(many_worlds: EmptySqlite) -> Iterator[Database]:
    """A copy of it, for one transcript."""
    made = many_worlds.fresh()
    yield made
    made.close()
