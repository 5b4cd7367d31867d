"""A reply's way while a hundred thousand texts of a broadcast wait: in one process, and with roles apart."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bench.figures import Figure, Target, share
from bench.ledgers import query
from bench.machine import Use, wait_until_calm
from bench.standing import DATABASES, FREELY, database_server, fresh_house, house, own_postgres, start, work
from bot.supervision.postgres import LocalPostgres
from tests.journeys.cluster_house import ClusterHouse
from tests.journeys.house import House, sid, wait_for

WAITING = 100_000
"""Texts of a broadcast that wait while families write."""

REPLIES = 60
LATENCY_MS = 100
APART = ("web", "worker", "worker", "clock")

SENT = "select min(created) from messages where recipient = ? and direction = 'outbound-api'"


@dataclass(frozen=True, slots=True)
class Passing:
    """One run: milliseconds of each reply, the share of all cores that was used, texts a second that left."""

    took: Sequence[float]
    used: float
    left: float


def measure(runs: int, patience: float) -> list[Figure]:
    """From before a family's text is posted until the carrier has the reply, while a broadcast runs."""
    found = []
    for name in DATABASES:
        with database_server(name) as server:
            found += _played(f"{name}, one process", runs, patience, partial(_alone, server))
    with own_postgres() as own:
        found += _played("PostgreSQL, web, two workers, clock", runs, patience, partial(_apart, own))
    return found


def _played(where: str, runs: int, patience: float, once: Callable[[int], Passing]) -> list[Figure]:
    seen = []
    for number in range(runs):
        wait_until_calm(patience)
        seen.append(once(number))
    return figures(where, seen)


def figures(where: str, seen: Sequence[Passing]) -> list[Figure]:
    """How long replies took, run by run, how the machine was used, and how much of the broadcast left meanwhile."""
    label = f"reply while {WAITING:,} texts wait, {where}"
    parts = (
        ("p50", 0.5, None),
        ("p90", 0.9, None),
        ("p99", 0.99, Target(1000, at_least=False)),
        ("longest", 1.0, None),
    )
    return [
        *(Figure(f"{label}, {name}", "ms", tuple(share(run.took, part) for run in seen), target=target)
          for name, part, target in parts),
        Figure("… processor used meanwhile", "%", tuple(run.used * 100 for run in seen)),
        Figure("… texts of the broadcast that left meanwhile", "texts/s", tuple(run.left for run in seen)),
    ]  # fmt: skip


def _alone(server: str | None, _number: int) -> Passing:
    """One process does everything."""
    with fresh_house(server, LATENCY_MS, reports=True) as made:
        work(made, "fill", WAITING)
        made.start_product(ready=False)
        wait_for(f"{made.base}/readyz", seconds=120)
        found = _replies(made)
        if made.product is None or made.product.poll() is not None:
            raise RuntimeError("the product ended while it was measured")
    return found


def _apart(own: LocalPostgres, number: int) -> Passing:
    """Web, two workers and the clock are processes of their own."""
    with house(own, f"passing_{number}", LATENCY_MS, FREELY) as made:
        work(made, "fill", WAITING)
        start(made, APART)
        found = _replies(made)
        if any(process.poll() is not None for _, process in made.processes):
            raise RuntimeError("a process ended while it was measured")
    return found


def _replies(made: House | ClusterHouse) -> Passing:
    """The texts come one after another, each from a new telephone."""
    _until_begun(made)
    before, began, use = _left(made), time.monotonic(), Use()
    took = tuple(_reply(made, number) for number in range(REPLIES))
    left = (_left(made) - before) / (time.monotonic() - began)
    return Passing(took, use.share(), left)


def _until_begun(made: House) -> None:
    deadline = time.monotonic() + 120
    while _left(made) < 50:
        if time.monotonic() > deadline:
            raise TimeoutError("the broadcast did not begin to leave")
        time.sleep(0.2)


def _left(made: House) -> int:
    return int(query(made.ledger, "select count(*) from messages")[0][0])


def _reply(made: House, number: int) -> float:
    """Milliseconds from before the POST until the carrier has the reply."""
    phone = f"+1510557{number:04d}"
    began = time.time()
    if made.text(phone, "What time does school start?", sid(number + 1)) != 200:
        raise RuntimeError("a text was not acknowledged")
    deadline = time.monotonic() + 30
    while (sent := query(made.ledger, SENT, (phone,))[0][0]) is None:
        if time.monotonic() > deadline:
            raise TimeoutError("a reply did not come within 30 s")
        time.sleep(0.02)
    return (float(sent) - began) * 1000
