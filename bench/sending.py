"""Broadcasts through the real Twilio client: rows to sent beside a bare loop, and a reply's way meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.figures import Figure, Target, share
from bench.ledgers import query
from bench.machine import wait_until_calm
from tests import postgres
from tests.journeys.house import ROOT, House, sid, wait_for, wait_for_port

TEXTS = 2_000
WAITING = 100_000
"""Texts of a broadcast that wait while families write."""
REPLIES = 60
DATABASES = ("SQLite", "PostgreSQL")
CASES = ((0, False), (100, False), (100, True))
"""The carrier's time in milliseconds, and whether it reports to a web server of its own process."""
FREELY = {"QUIET_HOURS": "00:00-00:00", "SMS_SEGMENTS_PER_SECOND": "0", "SMS_DAILY_SEGMENTS": "0"}
"""Neither the hour nor a number's rate may be what is measured."""

SENT = "select min(created) from messages where recipient = ? and direction = 'outbound-api'"


def measure(runs: int, patience: float) -> list[Figure]:
    """Lanes and floor in turn, on a new database each time."""
    figures = []
    for name in DATABASES:
        with _server(name) as server:
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


def measure_passing(runs: int, patience: float) -> list[Figure]:
    """From before a family's text is posted until the carrier has the reply, while a broadcast runs."""
    figures = []
    for name in DATABASES:
        with _server(name) as server:
            seen = []
            for _ in range(runs):
                wait_until_calm(patience)
                seen.append(_replies(server))
        label = f"reply while {WAITING:,} texts wait, {name}"
        figures.append(Figure(f"{label}, p50", "ms", tuple(share(run, 0.5) for run in seen)))
        figures.append(Figure(f"{label}, p99", "ms", tuple(share(run, 0.99) for run in seen),
                              target=Target(1000, at_least=False)))  # fmt: skip
    return figures


@contextmanager
def _server(name: str) -> Iterator[str | None]:
    """A PostgreSQL whose commits wait for the disk, None for SQLite."""
    if name == "SQLite":
        yield None
        return
    with postgres.server(postgres.DURABLE) as url:
        yield url


@contextmanager
def _house(server: str | None, latency: int, *, reports: bool) -> Iterator[House]:
    """A carrier and a new database; nothing of the product runs yet."""
    options = ("--latency-ms", str(latency), *(() if reports else ("--no-callbacks",)))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = (
            stack.enter_context(postgres.fresh_database(server))
            if server
            else f"sqlite:///{folder}/homeline.db"
        )
        house = House(folder, url, extra=FREELY, carrier_options=options)
        stack.callback(house.stop)
        house.start_carrier()
        yield house


def _once(deed: str, server: str | None, latency: int, reports: bool) -> float:
    with _house(server, latency, reports=reports) as house, ExitStack() as stack:
        _work(house, "fill", TEXTS if deed == "lanes" else 0)
        if reports:
            stack.enter_context(_web(house))
        return _work(house, deed, TEXTS)


def _work(house: House, deed: str, count: int) -> float:
    with (house.folder / "worker.log").open("ab") as log:
        done = subprocess.run(
            [sys.executable, "-m", "bench.sending_worker", deed, str(count)],
            cwd=ROOT, env=_environment(house), stdout=subprocess.PIPE, stderr=log, check=True, timeout=600,
        )  # fmt: skip
    return float(json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def _web(house: House) -> Iterator[None]:
    with (house.folder / "web.log").open("wb") as log:
        web = subprocess.Popen(
            [sys.executable, "-m", "bench.ingest_server", "product", str(house.port)],
            cwd=ROOT, env=_environment(house), stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_for_port(house.port)
            yield
        finally:
            web.kill()
            web.wait()


def _environment(house: House) -> Mapping[str, str]:
    return {**house.environment(), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}


def _replies(server: str | None) -> list[float]:
    """Milliseconds of each reply; the texts come one after another from new telephones."""
    with _house(server, 100, reports=True) as house:
        _work(house, "fill", WAITING)
        house.start_product(ready=False)
        wait_for(f"{house.base}/readyz", seconds=120)
        _until_begun(house)
        took = [_reply(house, number) for number in range(REPLIES)]
        assert house.product is not None
        if house.product.poll() is not None:
            raise RuntimeError("the product ended while it was measured")
    return took


def _until_begun(house: House) -> None:
    deadline = time.monotonic() + 120
    while query(house.ledger, "select count(*) from messages")[0][0] < 50:
        if time.monotonic() > deadline:
            raise TimeoutError("the broadcast did not begin to leave")
        time.sleep(0.2)


def _reply(house: House, number: int) -> float:
    phone = f"+1510557{number:04d}"
    began = time.time()
    if house.text(phone, "What time does school start?", sid(number + 1)) != 200:
        raise RuntimeError("a text was not acknowledged")
    deadline = time.monotonic() + 30
    while (sent := query(house.ledger, SENT, (phone,))[0][0]) is None:
        if time.monotonic() > deadline:
            raise TimeoutError("a reply did not come within 30 s")
        time.sleep(0.02)
    return (float(sent) - began) * 1000
