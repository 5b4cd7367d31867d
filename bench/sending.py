"""Broadcasts through the real Twilio client: rows to sent beside a bare loop."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bench.figures import Figure, Target
from bench.machine import wait_until_calm
from bench.standing import DATABASES, database_server, environment, fresh_house, work
from tests.journeys.house import ROOT, House, wait_for_port

TEXTS = 2_000
CASES = ((0, False), (100, False), (100, True))
"""The carrier's time in milliseconds, and whether it reports to a web server of its own process."""


def measure(runs: int, patience: float) -> list[Figure]:
    """Lanes and floor in turn, on a new database each time."""
    figures = []
    for name in DATABASES:
        with database_server(name) as server:
            for latency, reports in CASES:
                mine, floor = [], []
                for _ in range(runs):
                    wait_until_calm(patience)
                    mine.append(_once("lanes", server, latency, reports))
                    floor.append(_once("bare", server, latency, reports))
                label = f"broadcast sends, {name}, carrier {latency} ms{', reports back' if reports else ''}"
                figures.append(Figure(label, "texts/s", tuple(mine), "bare loop", tuple(floor),
                                      Target(0.7, at_least=True, of_ratio=True)))  # fmt: skip
    return figures


def _once(deed: str, server: str | None, latency: int, reports: bool) -> float:
    with fresh_house(server, latency, reports=reports) as house, ExitStack() as stack:
        work(house, "fill", TEXTS if deed == "lanes" else 0)
        if reports:
            stack.enter_context(_web(house))
        return work(house, deed, TEXTS)


@contextmanager
def _web(house: House) -> Iterator[None]:
    with (house.folder / "web.log").open("wb") as log:
        web = subprocess.Popen(
            [sys.executable, "-m", "bench.ingest_server", "product", str(house.port)],
            cwd=ROOT, env=environment(house), stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_for_port(house.port)
            yield
        finally:
            web.kill()
            web.wait()
