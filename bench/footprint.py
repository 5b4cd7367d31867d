"""Memory of the whole process after 200 texts, and the time from start to ready."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.figures import Figure, Target
from bench.ledgers import Watch
from bench.load import fire
from bench.machine import memory_mb, wait_until_calm
from bench.texts import conversations
from bench.throughput import PATH, lanes
from tests.journeys.house import House, wait_for

PHONES = 20


def measure(runs: int, patience: float) -> list[Figure]:
    """Each run: a first start on no database, 200 texts, memory, stop, a second start."""
    seen: list[dict[str, float]] = []
    for number in range(runs):
        wait_until_calm(patience)
        seen.append(_once(number, patience))
    values = {name: tuple(run[name] for run in seen) for name in seen[0]}
    return [
        Figure("memory (RSS) after 200 texts", "MB", values["rss"], target=Target(300, at_least=False)),
        Figure("memory (PSS) after 200 texts", "MB", values["pss"]),
        Figure("start to ready, second start", "s", values["second"], target=Target(3, at_least=False)),
        Figure("start to ready, first start with demo", "s", values["first"]),
    ]


def _once(number: int, patience: float) -> dict[str, float]:
    talks = conversations(number, PHONES)
    total = sum(map(len, talks))
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), f"sqlite:///{folder}/homeline.db")
        watch = Watch(house)
        try:
            house.start_carrier()
            first = _start(house)
            fire(house.port, lanes(house.base, PATH, talks))
            watch.settle(total, 120)
            watch.check(total)
            assert house.product is not None
            memory = memory_mb(house.product.pid)
            house.product.terminate()
            house.product.wait(timeout=30)
            wait_until_calm(patience)
            second = _start(house)
        finally:
            house.stop()
    return {**memory, "first": first, "second": second}


def _start(house: House) -> float:
    """Seconds from starting the process until /readyz answers 200."""
    began = time.monotonic()
    house.start_product(ready=False)
    wait_for(f"{house.base}/readyz", seconds=60)
    return time.monotonic() - began
