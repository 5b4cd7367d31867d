"""Many processes on PostgreSQL: every text is answered once, also when a worker is killed; one clock ticks."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bot.storage.advisory_locks import LEADING
from tests import postgres
from tests.journeys.cluster_house import ClusterHouse, kill, wait_until
from tests.journeys.house import sid, wait_for

pytestmark = pytest.mark.slow

TEXTS = 60
PHONES = [f"+1510555{n:04d}" for n in range(200, 215)]
BODIES = ("hello", "what time does school start", "thank you", "how much is lunch")
OPEN = (
    "select (select count(*) from turns where status in ('waiting', 'claimed'))"
    " + (select count(*) from deliveries where state in ('queued', 'sending'))"
)
READY = "select count(*) from heartbeats where detail->>'role' = 'worker' and detail->'model'->>0 = 'true'"
LEADER = (
    f"select pid from pg_locks where locktype = 'advisory' and granted and objid = {LEADING & 0xFFFFFFFF}"
)


@pytest.fixture
def house(tmp_path: Path, postgres_url: str) -> Iterator[ClusterHouse]:
    with postgres.fresh_database(postgres_url) as url:
        made = ClusterHouse(
            tmp_path,
            url.replace("+psycopg", ""),
            carrier_options=("--latency-ms", "30"),
            extra={"HOMELINE_LEASE_SECONDS": "15"},
        )
        made.start_carrier()
        yield made
        made.stop()


def _both_webs_listen(house: ClusterHouse) -> bool:
    return house.query("select count(*) from heartbeats where detail->>'role' = 'web'") == [(2,)]


def _sent(house: ClusterHouse) -> list[tuple[str, str, str]]:
    with sqlite3.connect(f"file:{house.ledger}?mode=ro", uri=True, timeout=10) as ledger:
        return ledger.execute(
            "select recipient, body, sid from messages where direction = 'outbound-api' order by id"
        ).fetchall()


def test_every_text_is_answered_once_and_in_order_though_a_worker_is_killed(house: ClusterHouse) -> None:
    workers = house.start("worker", "worker")
    house.start("web", "web", "clock")
    wait_for(f"{house.base}/healthz", 90)
    assert wait_until(lambda: house.query(READY) == [(2,)], 90), "the workers never had their model"
    assert wait_until(lambda: _both_webs_listen(house), 30)
    for n in range(TEXTS):
        if n == TEXTS // 2:
            kill(workers[0])
        assert house.text(PHONES[n % len(PHONES)], BODIES[n % len(BODIES)], sid(n + 1)) == 200
    wait_for(f"{house.base}/readyz", 30)

    assert wait_until(lambda: house.query(OPEN) == [(0,)]), house.query(OPEN)
    assert house.query("select status, count(*) from turns group by status") == [("done", TEXTS)]
    answered = house.query("select count(distinct turn_id) from deliveries where kind = 'reply'")
    assert answered == [(TEXTS,)]
    wanted = house.query("select recipient, body, provider_id from deliveries order by id")
    for phone in PHONES:
        theirs = [entry for entry in _sent(house) if entry[0] == phone]
        assert theirs == [entry for entry in wanted if entry[0] == phone], f"{phone}: the ledger differs"
    assert _ended(house) == {0}
    assert house.query("select count(*) from heartbeats where name like 'process %'") == [(1,)], (
        "all but the killed one took leave"
    )


def _ended(house: ClusterHouse) -> set[int]:
    """Ask all that live to stop; the exit statuses."""
    living = [process for _, process in house.processes if process.poll() is None]
    for process in living:
        process.terminate()
    return {process.wait(timeout=60) for process in living}


def test_a_killed_clock_has_a_successor_within_five_seconds_and_a_stopped_one_at_once(
    house: ClusterHouse,
) -> None:
    clocks = house.start("clock", "clock")
    alive = "select count(*) from heartbeats where detail->>'role' = 'clock'"
    assert wait_until(lambda: _safe(house, alive) == [(2,)] and len(house.query(LEADER)) == 1, 90)
    leader = _leading(house, clocks)
    before = house.query(LEADER)
    killed = time.monotonic()
    kill(leader)
    assert wait_until(lambda: house.query(LEADER) not in ([], before), 20)
    assert time.monotonic() - killed <= 5.0
    beat = house.query("select at from heartbeats where name = 'clock'")
    assert wait_until(lambda: house.query("select at from heartbeats where name = 'clock'") != beat, 20)
    deputy = next(clock for clock in clocks if clock is not leader)
    deputy.terminate()
    assert deputy.wait(timeout=40) == 0
    assert house.query(LEADER) == []


def _safe(house: ClusterHouse, sql: str) -> list[tuple[object, ...]]:
    """Nothing while the tables are still being made."""
    try:
        return house.query(sql)
    except psycopg.errors.UndefinedTable:
        return []


def _leading(house: ClusterHouse, clocks: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """Which of them ticks: its sign of life says so."""
    names = "select split_part(name, ':', 2) from heartbeats where (detail->>'leads')::boolean"
    assert wait_until(lambda: len(house.query(names)) == 1, 20)
    pid = int(str(house.query(names)[0][0]))
    return next(clock for clock in clocks if clock.pid == pid)
