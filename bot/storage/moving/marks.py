"""Marks that keep a product from serving the wrong database: one that was moved away, one that is half moved here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Connection, MetaData, String, Table, delete, insert, inspect, select
from sqlalchemy.orm import Session

from bot.model.errors import HomelineError
from bot.storage.base import UtcDateTime
from bot.storage.session import Database

MOVED_TO = "moved_to"
PROGRESS = "move_progress"

_moved_to = Table(
    MOVED_TO,
    MetaData(),
    Column("target", String, primary_key=True),
    Column("moved_at", UtcDateTime(), nullable=False),
)


class WrongDatabase(HomelineError):
    """The database was moved away, or the move to it is not finished."""


def refuse_unfit(database: Database) -> None:
    """Raise WrongDatabase, with the remedy, when nobody should work with this database."""
    with database.read() as session:
        connection = session.connection()
        target = moved_to(connection)
        begun = inspect(connection).has_table(PROGRESS)
    if target is not None:
        raise WrongDatabase(
            f"This database was moved to {target}: set DATABASE_URL to that one. To work with this one again,"
            " without what has happened there since: `flask --app server move-to-postgres --undo`."
        )
    if begun:
        raise WrongDatabase(
            "A move to this database has begun and is not finished: run `flask --app server move-to-postgres`"
            " again with DATABASE_URL naming the SQLite file."
        )


def moved_to(connection: Connection) -> str | None:
    """Where this database was moved, without the password; None when it was not."""
    if not inspect(connection).has_table(MOVED_TO):
        return None
    return connection.scalar(select(_moved_to.c.target))


def mark_moved(session: Session, target: str, now: datetime) -> None:
    """Nobody serves from this database any more. With the caller's commit."""
    connection = session.connection()
    _moved_to.create(connection, checkfirst=True)
    connection.execute(delete(_moved_to))
    connection.execute(insert(_moved_to).values(target=target, moved_at=now))


def unmark(database: Database) -> bool:
    """Take the mark away again. False when there was none."""
    with database.write() as session:
        connection = session.connection()
        if moved_to(connection) is None:
            return False
        _moved_to.drop(connection)
        return True
