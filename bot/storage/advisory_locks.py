"""Locks that PostgreSQL keeps for whole processes: they end with the connection, even by kill -9.

They hold nothing but themselves: no row, no table. A connection pooler before the database must keep
a session for its client (PgBouncer: pool_mode=session), else they would hold nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from bot.storage.session import Database

PREPARING = 0x484F4D45_0001
"""One process at a time brings the schema up to date or fills in the demo district."""

LEADING = 0x484F4D45_0002
"""The clock that ticks."""

INDEXING = 0x484F4D45_0003
"""One process at a time makes vectors of articles."""

# How long PostgreSQL believes in a silent leader whose machine or network has died, in all about four seconds.
_IMPATIENT = "SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2"


@contextmanager
def one_at_a_time(database: Database, key: int) -> Iterator[None]:
    """Wait for our turn among all processes of this database. SQLite has one process: nothing to wait for."""
    if database.embedded:
        yield
        return
    with session_of_its_own(database) as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
        yield


@contextmanager
def session_of_its_own(database: Database) -> Iterator[Connection]:
    """A connection outside the pool, without transactions; what it holds ends with it."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()
        yield connection


def take(connection: Connection, key: int) -> bool:
    """Take the lock if nobody has it. A connection that dies lets go of it within seconds."""
    connection.exec_driver_sql(_IMPATIENT)
    return bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}))
