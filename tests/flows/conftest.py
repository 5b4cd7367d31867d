"""The world of the transcripts, built once and copied for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage.schema import metadata
from bot.storage.session import Database
from tests.conftest import FixedClock
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


@pytest.fixture
def world(world_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of it, for one transcript."""
    shutil.copy(world_file, tmp_path / "world.db")
    database = Database(f"sqlite:///{tmp_path}/world.db")
    yield database
    database.close()
