"""Webhook ingest: requests a second and their time, beside a bare route on the same server."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figure, Target, share
from bench.load import Outcome, fire, request
from bench.machine import wait_until_calm
from tests.journeys.house import ROOT, TOKEN, House, message_fields, sid, wait_for_port

CONNECTIONS = 16
REQUESTS = 2400
WARM_UP = 160
PATH = "/twilio/messages"


def measure(runs: int, patience: float) -> list[Figure]:
    """Product and floor in turn, `runs` times each, every time on a new database."""
    seen: dict[str, list[Outcome]] = {"product": [], "floor": []}
    for _ in range(runs):
        for kind, outcomes in seen.items():
            wait_until_calm(patience)
            outcomes.append(_once(kind))
    rates = {kind: tuple(len(o.took_ms) / o.seconds for o in outcomes) for kind, outcomes in seen.items()}
    rate = Figure("ingest, 16 connections", "requests/s", rates["product"], "bare route", rates["floor"],
                  Target(0.6, at_least=True, of_ratio=True))  # fmt: skip
    return [rate, _times("ingest p50", seen, 0.5), _times("ingest p99", seen, 0.99)]


def _times(name: str, seen: dict[str, list[Outcome]], part: float) -> Figure:
    product, floor = (tuple(share(o.took_ms, part) for o in seen[kind]) for kind in ("product", "floor"))
    return Figure(name, "ms", product, "ms bare route", floor)


def _once(kind: str) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), f"sqlite:///{folder}/{kind}.db")
        with _serving(kind, house):
            fire(house.port, _lanes(house.base, 0, WARM_UP))
            outcome = fire(house.port, _lanes(house.base, WARM_UP, REQUESTS))
    if outcome.refused:
        raise RuntimeError(f"{kind}: {outcome.refused} requests were refused: {outcome.statuses}")
    return outcome


def _lanes(base: str, first: int, count: int) -> list[list[str]]:
    numbers = range(first, first + count)
    ready = [
        request(
            base,
            PATH,
            message_fields(f"+1510555{n % 1000:04d}", f"What time does school start? {n}", sid(n)),
            TOKEN,
        )
        for n in numbers
    ]
    return [ready[lane::CONNECTIONS] for lane in range(CONNECTIONS)]


@contextmanager
def _serving(kind: str, house: House) -> Iterator[None]:
    with (house.folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "bench.ingest_server", kind, str(house.port)],
            cwd=ROOT, env={**house.environment(), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
            stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_for_port(house.port)
            yield
        finally:
            server.kill()
            server.wait()
