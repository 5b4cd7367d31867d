"""A PostgreSQL of our own: made once, started and stopped, its data kept; workers outlive its restart."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.jobs.cluster import ClusterQueue
from bot.jobs.cluster_engine import ClusterEngine
from bot.jobs.cluster_runner import ClusterRunner
from bot.storage.migrating import migrate
from bot.storage.session import Database
from bot.supervision.postgres import LocalPostgres, find_binaries, free_port
from tests.contracts.test_job_queue import LONG, Diary


@pytest.fixture
def own() -> Iterator[LocalPostgres]:
    """One in a folder that its account can reach."""
    if find_binaries() is None:
        pytest.skip("PostgreSQL's binaries are not installed")
    with tempfile.TemporaryDirectory(prefix="homeline-own-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield LocalPostgres(Path(folder) / "postgres", free_port())


def test_jobs_and_workers_outlive_a_restart_of_the_database(own: LocalPostgres) -> None:
    own.start()
    database = Database(own.url)
    migrate(database)
    diary, queue = Diary(), ClusterQueue(database)
    runner = ClusterRunner(database.engine.url, {"job": (diary, 1)}, queue.submit)
    runner.start()
    assert runner.wait_until_ready(LONG)
    own.stop()
    own.start()
    queue.submit("job", 1)
    assert diary.wait_for(lambda: diary.done == [1])
    own.stop()
    runner.stop()
    database.close()


def test_a_worker_stops_though_the_database_is_gone(own: LocalPostgres) -> None:
    database = Database(own.url)
    engine = ClusterEngine(database)
    before = set(threading.enumerate())
    engine.start({"job": (Diary(), 1)})
    assert set(threading.enumerate()) - before, "no worker began"
    engine.stop()
    assert set(threading.enumerate()) <= before
    database.close()
