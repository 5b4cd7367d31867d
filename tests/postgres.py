"""A throw-away PostgreSQL cluster for tests, or the one TEST_DATABASE_URL names."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=120"
DURABLE = "-c max_connections=120"
"""What measurements run on: every commit waits for the disk, as in production."""


def _binaries() -> Path | None:
    found = shutil.which("postgres")
    if found:
        return Path(found).parent
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return candidates[0] if candidates else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the account to run it as, None when we are not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def server(_factory: pytest.TempPathFactory | None, settings: str = QUICK) -> Iterator[str]:
    """Start a cluster and yield its URL; skip with the reason where that cannot be."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL's binaries are not installed and TEST_DATABASE_URL is not set")
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="homeline-pg-"))
    if user:
        shutil.chown(folder, user)
    port = _free_port()
    run = {
        "user": user,
        "cwd": folder,
        "check": True,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    try:
        subprocess.run([binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust",
                        "-E", "UTF8", "--no-locale", "--no-sync"], **run)  # fmt: skip
        options = (
            f"{settings} -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
        )
        subprocess.run(
            [binaries / "pg_ctl", "-D", folder / "data", "-o", options, "-l", folder / "log", "-w", "start"],
            **run,
        )
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            [binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"],
            **(run | {"check": False}),
        )
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """An empty database of its own in the cluster at `url`."""
    name = f"homeline_test_{uuid.uuid4().hex[:12]}"
    admin = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
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
