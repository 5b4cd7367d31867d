"""A throw-away PostgreSQL cluster for tests, or the one TEST_DATABASE_URL names."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.supervision.postgres import LocalPostgres, find_binaries, free_port

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
DURABLE: Mapping[str, str] = {}
"""What measurements run on: every commit waits for the disk, as in production."""


@contextmanager
def server(settings: Mapping[str, str] = QUICK) -> Iterator[str]:
    """Start a cluster and yield its URL; skip with the reason where that cannot be."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    if find_binaries() is None:
        pytest.skip("PostgreSQL's binaries are not installed and TEST_DATABASE_URL is not set")
    with tempfile.TemporaryDirectory(prefix="homeline-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another account
        own = LocalPostgres(Path(folder) / "postgres", free_port(), settings)
        own.start()
        try:
            yield own.url
        finally:
            own.stop(at_once=True)


@contextmanager
def fresh_database(url: str, like: str = "template1") -> Iterator[str]:
    """A database of its own in the cluster at `url`: empty, or a copy of another one there, by its name."""
    name = f"homeline_test_{uuid.uuid4().hex[:12]}"
    admin = _plain(url)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    try:
        yield url.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def empty(url: str, *, anew: bool = False) -> None:
    """Take every row out of a database and let its keys begin at 1 again; what a test left open is ended first.

    Deleted rows still lie in the tables' files, which may change how PostgreSQL goes about a question; `anew` gives every
    table new files, and takes ten times as long. So does a user of the database who may not switch off its rules.
    """
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute(_truncation(connection) if anew else _emptying(url))


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _tables(connection: psycopg.Connection[Any]) -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [f'"{name}"' for (name,) in found]


def _truncation(connection: psycopg.Connection[Any]) -> str:
    return f"TRUNCATE {', '.join(_tables(connection))} RESTART IDENTITY CASCADE"


@cache
def _emptying(url: str) -> str:
    """What empties this database soonest. Deleting is one order for all tables: no foreign key is looked at meanwhile."""
    with psycopg.connect(_plain(url)) as connection:
        mighty = connection.execute("SELECT usesuper FROM pg_user WHERE usename = current_user").fetchone()
        if mighty != (True,):
            return _truncation(connection)
        rows = "".join(f"DELETE FROM {table};" for table in _tables(connection))
    keys = "SELECT setval(quote_ident(sequencename), 1, false) FROM pg_sequences"
    return f"SET session_replication_role = replica; {rows} {keys} WHERE schemaname = 'public' AND last_value IS NOT NULL"
