"""A throw-away PostgreSQL cluster for tests, or the one TEST_DATABASE_URL names."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

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
    admin = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    try:
        yield url.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def empty(url: str) -> None:
    """Take every row out of a database and let its keys begin at 1 again; what a test left open is ended first."""
    with psycopg.connect(
        url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True
    ) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        used = [row[0] for row in connection.execute(_used_tables(connection))]
        if used:
            names = ", ".join(f'"{name}"' for name in used)
            connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


def _used_tables(connection: psycopg.Connection[tuple[str]]) -> str:
    """One question for all tables: which have rows, or had some."""
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    rows = [f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for (name,) in found]
    had = (
        "SELECT tablename::text FROM pg_tables t WHERE schemaname = 'public' AND EXISTS (SELECT 1 FROM pg_sequences"
        " WHERE sequencename = t.tablename || '_id_seq' AND last_value IS NOT NULL)"
    )
    return " UNION ".join([*rows, had])
