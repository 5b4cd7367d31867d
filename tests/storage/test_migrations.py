"""Migrations are one line, and lead to exactly the models, on both databases."""

from __future__ import annotations

import subprocess
import sys

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.storage.migrating import alembic_config, migrate
from bot.storage.revisions import current_revision, newest_revision
from bot.storage.schema import is_ours, metadata
from bot.storage.session import Database


def test_there_is_one_line_of_migrations() -> None:
    revisions = list(ScriptDirectory.from_config(alembic_config()).walk_revisions())
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1
    assert [r.revision for r in reversed(revisions)] == [f"{n:04d}" for n in range(1, len(revisions) + 1)]
    assert newest_revision() == revisions[0].revision


def test_a_process_on_sqlite_loads_neither_alembic_nor_the_driver_of_postgresql() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, bot.serving.start; print(*sys.modules)"],
        capture_output=True,
        check=True,
    ).stdout.split()
    assert not {b"alembic", b"psycopg", b"procrastinate"} & set(loaded)


def test_migrations_lead_to_the_models(bare: Database) -> None:
    assert current_revision(bare) is None
    assert migrate(bare) is True
    assert current_revision(bare) == newest_revision()
    with bare.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        assert compare_metadata(context, metadata) == []


SEARCH_INDEX = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE name LIKE 'search_words%' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'search_words%' UNION "
    "SELECT column_name, generation_expression FROM information_schema.columns WHERE column_name = 'search_words'",
}


def test_the_search_index_of_the_migrations_is_that_of_the_models(bare: Database) -> None:
    """A migration may not import what lives on, so the statements stand twice; here they are held together."""
    kind = bare.engine.dialect.name

    def standing() -> dict[str, str]:
        with bare.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(text(SEARCH_INDEX[kind]))}

    migrate(bare)
    by_migrations = standing()
    with bare.engine.execution_options(homeline_writes=True).begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert standing() == {}
    with bare.engine.execution_options(homeline_writes=True).begin() as connection:
        metadata.create_all(connection)
    assert by_migrations and standing() == by_migrations


def test_migrating_again_does_nothing(bare: Database) -> None:
    migrate(bare)
    assert migrate(bare) is False
