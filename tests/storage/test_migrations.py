"""Migrations are one line, and lead to exactly the models, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.storage.migrating import alembic_config, current_revision, migrate, newest_revision
from bot.storage.schema import is_ours, metadata
from bot.storage.session import Database
from tests import postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path}/bare.db")
        yield made
        made.close()
        return
    with postgres.fresh_database(request.getfixturevalue("postgres_url")) as url:
        made = Database(url)
        yield made
        made.close()


def test_there_is_one_line_of_migrations() -> None:
    revisions = list(ScriptDirectory.from_config(alembic_config()).walk_revisions())
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1
    assert [r.revision for r in reversed(revisions)] == [f"{n:04d}" for n in range(1, len(revisions) + 1)]


def test_migrations_lead_to_the_models(bare: Database) -> None:
    assert current_revision(bare) is None
    assert migrate(bare) is True
    assert current_revision(bare) == newest_revision()
    with bare.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_does_nothing(bare: Database) -> None:
    migrate(bare)
    assert migrate(bare) is False
