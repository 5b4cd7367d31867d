"""Where a database stands among the migrations, without Alembic: a process that has nothing to migrate needs no 10 MB of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import inspect, text

from bot.model.errors import HomelineError
from bot.storage import job_engine
from bot.storage.session import Database

NEWER = "was made by a newer version of Homeline: install that version, or restore a backup of before"
FOLDER = Path(__file__).parent / "migrations"
_STANDS = text("SELECT version_num FROM alembic_version")


class NewerDatabase(HomelineError):
    """The database is ahead of the code."""


@cache
def newest_revision() -> str:
    """The revision the code expects: migrations are files named by it, `0001_…` and on. Read once: the files of a
    running program do not change."""
    return max(file.name.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*_*.py"))


def current_revision(database: Database) -> str | None:
    """The revision the database stands at, None when it was never migrated."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(_STANDS).scalar()
    return str(found) if found is not None else None


def is_newer(revision: str | None) -> bool:
    """Whether a database at this revision is ahead of the code. Numbers of one length are compared as they stand."""
    return revision is not None and revision > newest_revision()


def refuse_newer(database: Database) -> None:
    """Raise NewerDatabase, with the remedy, when the code does not know how the database came to be."""
    current = current_revision(database)
    if is_newer(current):
        raise NewerDatabase(f"The database, at migration {current}, {NEWER}.")


def is_current(database: Database) -> bool:
    """The schema is ours, and the job engine's is as new as the engine."""
    if current_revision(database) != newest_revision():
        return False
    with database.engine.connect() as connection:
        return job_engine.is_current(connection)
