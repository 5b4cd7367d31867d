"""Bring a database to the newest migration, and say where it stands."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.storage import job_engine
from bot.storage.advisory_locks import PREPARING, one_at_a_time
from bot.storage.session import Database

FOLDER = Path(__file__).parent / "migrations"


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration for our folder, bound to a connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@cache
def newest_revision() -> str | None:
    """The revision the code expects. Read once: the files of a running program do not change."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def current_revision(database: Database) -> str | None:
    """The revision the database stands at, None when it was never migrated."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(database: Database) -> bool:
    """Upgrade to the newest revision. True when there was anything to do.

    Of several processes that start together one does it and the others wait.
    """
    if _is_current(database):
        return False
    with one_at_a_time(database, PREPARING):
        if _is_current(database):
            return False
        with (
            database.engine.execution_options(homeline_writes=True).connect() as connection,
            connection.begin(),
        ):
            command.upgrade(alembic_config(connection), "head")
        job_engine.catch_up(database.engine)
    return True


def _is_current(database: Database) -> bool:
    """The schema is ours, and the job engine's is as new as the engine."""
    if current_revision(database) != newest_revision():
        return False
    with database.engine.connect() as connection:
        return job_engine.is_current(connection)
