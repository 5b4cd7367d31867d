"""Many processes beside one, on the same PostgreSQL: texts a second, start to ready and memory by role."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.figures import Figure
from bench.ledgers import query
from bench.load import fire
from bench.machine import memory_mb, wait_until_calm
from bench.texts import conversations
from bench.throughput import LATENCY_MS, PATH, lanes
from bot.supervision.postgres import LocalPostgres, free_port
from tests.journeys.cluster_house import ClusterHouse, wait_until
from tests.journeys.house import wait_for

ONE = ("all",)
MANY = ("worker", "worker", "web", "web", "clock")
PHONES = 24
SHOWN = "select count(*) from heartbeats where detail->>'role' = '{role}'"
MODEL = " and detail->'model'->>0 = 'true'"
DONE = "select count(*) from turns where status = 'done'"
OPEN = "select count(*) from deliveries where state in ('queued', 'sending')"


@dataclass(frozen=True, slots=True)
class Run:
    """One run: texts a second, seconds until all was ready, and MB of a process by role."""

    texts: float
    ready: float
    memory: Mapping[str, float]


def measure(runs: int, patience: float) -> list[Figure]:
    """One process and many take turns within a run, each on a database of its own."""
    one: list[Run] = []
    many: list[Run] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        own = LocalPostgres(Path(folder) / "postgres", free_port())
        own.start()
        stack.callback(own.stop)
        for number in range(runs):
            for roles, found in ((ONE, one), (MANY, many)):
                wait_until_calm(patience)
                found.append(_run(own, roles, number))
    figures = [
        Figure("texts answered on PostgreSQL, web 2 worker 2 clock 1", "texts/s", tuple(r.texts for r in many),
               "one process on PostgreSQL", tuple(r.texts for r in one)),
        Figure("start of one process to ready, PostgreSQL", "s", tuple(r.ready for r in one)),
        Figure("start of five processes at once to ready", "s", tuple(r.ready for r in many)),
    ]  # fmt: skip
    by_role = [("all", one), *((role, many) for role in ("web", "worker", "clock"))]
    return figures + [
        Figure(f"memory of one {role} process (PSS)", "MB", tuple(r.memory[role] for r in found))
        for role, found in by_role
    ]


def _run(own: LocalPostgres, roles: Sequence[str], number: int) -> Run:
    name = f"bench_{roles[0]}_{number}"
    with psycopg.connect(own.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    with tempfile.TemporaryDirectory() as folder:
        options = ("--latency-ms", str(LATENCY_MS))
        house = ClusterHouse(Path(folder), own.url.rsplit("/", 1)[0] + f"/{name}", carrier_options=options)
        try:
            house.start_carrier()
            _start(house, roles)  # once for migrations and the demo district
            return _measured(house, roles, number)
        finally:
            house.stop()


def _start(house: ClusterHouse, roles: Sequence[str]) -> float:
    """Start all; seconds until every one shows life and its model, then an end when that was only to prepare."""
    began = time.monotonic()
    house.start(*roles)
    wait_for(f"{house.base}/readyz", 120)
    ready = wait_until(lambda: all(_ready(house, role, roles.count(role)) for role in set(roles)), 120)
    if not ready:
        raise TimeoutError("not every process became ready")
    return time.monotonic() - began


def _ready(house: ClusterHouse, role: str, count: int) -> bool:
    asked = SHOWN.format(role=role) + (MODEL if role in ("all", "worker") else "")
    return house.query(asked) == [(count,)]


def _measured(house: ClusterHouse, roles: Sequence[str], number: int) -> Run:
    for _, process in house.processes:
        process.terminate()
        process.wait(timeout=60)
    house.processes.clear()
    ready = _start(house, roles)
    talks = conversations(number, PHONES)
    total = sum(map(len, talks))
    started = fire(house.port, lanes(house.base, PATH, talks)).started
    if not wait_until(lambda: house.query(DONE) == [(total,)] and house.query(OPEN) == [(0,)], 180):
        raise TimeoutError(f"{house.query(DONE)} of {total} turns done, {house.query(OPEN)} texts not sent")
    last = query(house.ledger, "select max(created) from messages where direction = 'outbound-api'")[0][0]
    memory = {role: memory_mb(process.pid)["pss"] for role, process in house.processes}
    return Run(total / (last - started), ready, memory)
