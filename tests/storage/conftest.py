"""Databases without any table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage.session import Database
from tests import postgres


@pytest.fixture
def bare_postgres(postgres_url: str) -> Iterator[Database]:
    """A PostgreSQL of its own for one test."""
    with postgres.fresh_database(postgres_url) as url:
        made = Database(url)
        yield made
        made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """One of each kind in turn."""
    if request.param == "postgresql":
        yield request.getfixturevalue("bare_postgres")
        return
    made = Database(f"sqlite:///{tmp_path}/bare.db")
    yield made
    made.close()
