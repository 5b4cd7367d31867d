"""A district with its cast, on each kind of database in turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.session import Database
from tests.broadcasts import District
from tests.conftest import FixedClock


@pytest.fixture
def district(database: Database, clock: FixedClock, tmp_path: Path) -> District:
    """The district of a broadcast."""
    return District(database, clock, tmp_path)
