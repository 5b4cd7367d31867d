"""Many processes beside one, on the same PostgreSQL: texts a second, start to ready and memory by role.

Then two workers beside one (`bench/workers.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.figures import Figure
from bench.ledgers import query
from bench.load import fire
from bench.machine import memory_mb, wait_until_calm
from bench.standing import end, house, own_postgres, start
from bench.texts import conversations
from bench.throughput import LATENCY_MS, PATH, lanes
from bench.workers import PHONES, compare, until_answered
from bot.supervision.postgres import LocalPostgres
from tests.journeys.cluster_house import ClusterHouse

ONE = ("all",)
MANY = ("worker", "worker", "web", "web", "clock")


@dataclass(frozen=True, slots=True)
class Run:
    """One run: texts a second, seconds until all was ready, and MB of a process by role."""

    texts: float
    ready: float
    memory: Mapping[str, float]


def measure(runs: int, patience: float) -> list[Figure]:
    """One process and many take turns within a run, each on a database of its own; then workers do."""
    with own_postgres() as own:
        return [*_processes(own, runs, patience), *compare(own, runs, patience)]


def _processes(own: LocalPostgres, runs: int, patience: float) -> list[Figure]:
    one: list[Run] = []
    many: list[Run] = []
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
    with house(own, f"bench_{roles[0]}_{number}", LATENCY_MS) as made:
        start(made, roles)  # once for migrations and the demo district
        end(made)
        return _measured(made, roles, number)


def _measured(made: ClusterHouse, roles: Sequence[str], number: int) -> Run:
    ready = start(made, roles)
    talks = conversations(number, PHONES)
    total = sum(map(len, talks))
    started = fire(made.port, lanes(made.base, PATH, talks)).started
    until_answered(made, total)
    last = query(made.ledger, "select max(created) from messages where direction = 'outbound-api'")[0][0]
    memory = {role: memory_mb(process.pid)["pss"] for role, process in made.processes}
    return Run(total / (last - started), ready, memory)
