"""What measurements stand on: databases whose commits wait for the disk, and houses of one process or of many."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from bot.supervision.postgres import LocalPostgres, free_port
from tests import postgres
from tests.journeys.cluster_house import ClusterHouse, wait_until
from tests.journeys.house import ROOT, House, wait_for

DATABASES = ("SQLite", "PostgreSQL")
FREELY = {"QUIET_HOURS": "00:00-00:00", "SMS_SEGMENTS_PER_SECOND": "0", "SMS_DAILY_SEGMENTS": "0"}
"""Neither the hour nor a number's rate may be what is measured."""

SHOWN = "select count(*) from heartbeats where detail->>'role' = '{role}'"
MODEL = " and detail->'model'->>0 = 'true'"


@contextmanager
def own_postgres() -> Iterator[LocalPostgres]:
    """A cluster of its own whose commits wait for the disk."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        own = LocalPostgres(Path(folder) / "postgres", free_port())
        own.start()
        try:
            yield own
        finally:
            own.stop()


@contextmanager
def house(
    own: LocalPostgres,
    name: str,
    latency_ms: int,
    extra: Mapping[str, str] | None = None,
    *,
    reports: bool = True,
) -> Iterator[ClusterHouse]:
    """A new database and a carrier that takes so long; nothing of the product runs yet."""
    with psycopg.connect(own.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    options = ("--latency-ms", str(latency_ms), *(() if reports else ("--no-callbacks",)))
    with tempfile.TemporaryDirectory() as folder:
        url = own.url.rsplit("/", 1)[0] + f"/{name}"
        made = ClusterHouse(Path(folder), url, extra=extra or {}, carrier_options=options)
        try:
            made.start_carrier()
            yield made
        finally:
            made.stop()


def start(house: ClusterHouse, roles: Sequence[str]) -> float:
    """Start all; seconds until every one shows life and its model."""
    began = time.monotonic()
    house.start(*roles)
    wait_for(f"{house.base}/readyz", 120)
    if not wait_until(lambda: all(_ready(house, role, roles.count(role)) for role in set(roles)), 120):
        raise TimeoutError("not every process became ready")
    return time.monotonic() - began


def end(house: ClusterHouse) -> None:
    """End all processes of the product in order."""
    for _, process in house.processes:
        process.terminate()
        process.wait(timeout=60)
    house.processes.clear()


def _ready(house: ClusterHouse, role: str, count: int) -> bool:
    asked = SHOWN.format(role=role) + (MODEL if role in ("all", "worker") else "")
    return house.query(asked) == [(count,)]


@contextmanager
def database_server(name: str) -> Iterator[str | None]:
    """A PostgreSQL whose commits wait for the disk, None for SQLite."""
    if name == "SQLite":
        yield None
        return
    with postgres.server(postgres.DURABLE) as url:
        yield url


@contextmanager
def fresh_house(server: str | None, latency: int, *, reports: bool) -> Iterator[House]:
    """A carrier and a new database; nothing of the product runs yet."""
    options = ("--latency-ms", str(latency), *(() if reports else ("--no-callbacks",)))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = (
            stack.enter_context(postgres.fresh_database(server))
            if server
            else f"sqlite:///{folder}/homeline.db"
        )
        made = House(folder, url, extra=FREELY, carrier_options=options)
        stack.callback(made.stop)
        made.start_carrier()
        yield made


def work(house: House, deed: str, count: int) -> float:
    """A deed of `bench.sending_worker`, in a process of its own; the number it gives."""
    with (house.folder / "worker.log").open("ab") as log:
        done = subprocess.run(
            [sys.executable, "-m", "bench.sending_worker", deed, str(count)],
            cwd=ROOT, env=environment(house), stdout=subprocess.PIPE, stderr=log, check=True, timeout=600,
        )  # fmt: skip
    return float(json.loads(done.stdout.splitlines()[-1]))


def environment(house: House) -> Mapping[str, str]:
    """Of a process that works for the measurement on the house's database and carrier."""
    return {**house.environment(), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
