"""Bring a database to the newest migration, with Alembic."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.storage import job_engine
from bot.storage.advisory_locks import PREPARING, one_at_a_time
from bot.storage.revisions import FOLDER, is_current, refuse_newer
from bot.storage.session import Database


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration for our folder, bound to a connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def migrate(database: Database) -> bool:
    """Upgrade to the newest revision. True when there was anything to do; NewerDatabase when it is ahead of it.

    Of several processes that start together one does it and the others wait.
    """
    if is_current(database):
        return False
    with one_at_a_time(database, PREPARING):
        if is_current(database):
            return False
        refuse_newer(database)
        with (
            database.engine.execution_options(homeline_writes=True).connect() as connection,
            connection.begin(),
        ):
            command.upgrade(alembic_config(connection), "head")
        job_engine.catch_up(database.engine)
    return True
