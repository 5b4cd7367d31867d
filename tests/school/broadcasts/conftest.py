"""A district with its cast."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.session import Database
from tests.broadcasts import District
from tests.conftest import FixedClock


@pytest.fixture
def district(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> District:
    """On SQLite, where the kind of database makes no difference."""
    return District(sqlite_database, clock, tmp_path)


@pytest.fixture
def any_district(database: Database, clock: FixedClock, tmp_path: Path) -> District:
    """On each kind of database in turn."""
    return District(database, clock, tmp_path)
