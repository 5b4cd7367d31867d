"""The simulator's stations wait as the formulas of queueing theory say."""

from __future__ import annotations

from math import factorial
from random import Random

import pytest

from bench.queues import Agenda, Station


def erlang_wait(arrivals: float, service: float, servers: int) -> float:
    """Mean wait in an M/M/c queue (Erlang's C formula). Rates in jobs a second."""
    load = arrivals / service
    last = load**servers / factorial(servers) * servers / (servers - load)
    busy = last / (sum(load**k / factorial(k) for k in range(servers)) + last)
    return busy / (servers * service - arrivals)


def mean_waits(arrivals: list[float], service: float, servers: int, seconds: float) -> list[float]:
    """Mean wait before service of each rank, simulated."""
    agenda, random = Agenda(), Random(7)
    station = Station(agenda, servers, len(arrivals))
    waits: list[list[float]] = [[] for _ in arrivals]

    def arrive(rank: int) -> None:
        takes, came = random.expovariate(service), agenda.now
        station.serve(rank, takes, lambda _: waits[rank].append(agenda.now - came - takes))
        if agenda.now < seconds:
            agenda.at(agenda.now + random.expovariate(arrivals[rank]), arrive, rank)

    for rank in range(len(arrivals)):
        agenda.at(0.0, arrive, rank)
    agenda.run()
    return [sum(found) / len(found) for found in waits]


@pytest.mark.parametrize(("load", "servers"), [(0.5, 1), (0.8, 1), (0.7, 3), (0.9, 8)])
def test_mean_waits_are_those_of_erlangs_formula(load: float, servers: int) -> None:
    (wait,) = mean_waits([load * servers], 1.0, servers, 300_000 / servers)
    assert wait == pytest.approx(erlang_wait(load * servers, 1.0, servers), rel=0.06)


def test_the_important_wait_as_cobhams_formula_says() -> None:
    """One server, two ranks: mean wait = residual work / ((1 - load above) (1 - load above and own))."""
    first, second = mean_waits([0.3, 0.5], 1.0, 1, 400_000)
    assert first == pytest.approx(0.8 / 0.7, rel=0.05)
    assert second == pytest.approx(0.8 / (0.7 * 0.2), rel=0.08)


def test_what_was_planned_first_happens_first() -> None:
    agenda, seen = Agenda(), []
    for name in ("a", "b", "c"):
        agenda.at(1.0, seen.append, name)
    agenda.at(0.5, seen.append, "earlier")
    agenda.run()
    assert seen == ["earlier", "a", "b", "c"]
