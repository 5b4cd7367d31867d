"""Jobs of many processes: rows of PostgreSQL that outlive workers and the database's own restarts."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from bot.jobs.cluster import ClusterQueue
from bot.jobs.cluster_runner import ClusterRunner
from bot.jobs.embedded import Job
from bot.storage.job_rows import JobRow, add_jobs, count_jobs, drop_finished
from bot.storage.session import Database
from tests.contracts.test_job_queue import LONG, Diary


@pytest.fixture
def shared(postgresql_database: Database) -> Database:
    """A PostgreSQL with all tables and no row."""
    return postgresql_database


def _runner(database: Database, job: Job, threads: int = 1) -> ClusterRunner:
    queue = ClusterQueue(database)
    made = ClusterRunner(database.engine.url, {"job": (job, threads)}, queue.submit)
    made.start()
    assert made.wait_until_ready(LONG)
    return made


def _standing(database: Database) -> dict[str, int]:
    with database.read() as session:
        return {status: count for (_, status), count in count_jobs(session).items()}


def test_a_job_that_waits_is_not_queued_again_until_it_was_taken(shared: Database) -> None:
    queue = ClusterQueue(shared)
    for _ in range(3):
        queue.submit("job", 7)
    assert _standing(shared) == {"todo": 1}
    diary = Diary()
    diary.gate.clear()
    runner = _runner(shared, diary)
    assert diary.wait_for(lambda: diary.begun == [7])
    queue.submit("job", 7)
    diary.gate.set()
    assert diary.wait_for(lambda: diary.done == [7, 7])
    runner.stop()
    assert _standing(shared) == {"succeeded": 2}


def test_urgent_jobs_are_taken_first(shared: Database) -> None:
    with shared.write() as session:
        add_jobs(session, [JobRow("job", 1), JobRow("job", 2, priority=2), JobRow("job", 3, priority=1)])
    diary = Diary()
    runner = _runner(shared, diary)
    assert diary.wait_for(lambda: len(diary.done) == 3)
    runner.stop()
    assert diary.done == [2, 3, 1]


def test_two_workers_share_the_jobs_and_each_is_done_once(shared: Database) -> None:
    with shared.write() as session:
        add_jobs(session, [JobRow("job", row) for row in range(40)])
    diary = Diary()
    both = [_runner(shared, diary, threads=2) for _ in range(2)]
    assert diary.wait_for(lambda: len(diary.done) == 40)
    for runner in both:
        runner.stop()
    assert sorted(diary.done) == list(range(40))


def test_what_follows_goes_back_into_the_queue_when_the_worker_stops(shared: Database) -> None:
    diary = Diary()
    diary.gate.clear()
    diary.following = {1: 2}
    runner = _runner(shared, diary)
    ClusterQueue(shared).submit("job", 1)
    assert diary.wait_for(lambda: diary.begun == [1])
    stopping = threading.Thread(target=runner.stop)
    stopping.start()
    while not runner._stopping.wait(0.01):
        pass
    diary.gate.set()
    stopping.join(LONG)
    assert _standing(shared) == {"succeeded": 1, "todo": 1}


def test_jobs_of_a_worker_that_died_are_done_by_another(shared: Database) -> None:
    _left_by_a_dead_worker(shared, 7)
    diary = Diary()
    runner = _runner(shared, diary)
    assert diary.wait_for(lambda: diary.done == [7])
    runner.stop()
    assert _standing(shared) == {"succeeded": 1}


def test_one_that_a_dead_worker_left_and_that_waits_anew_is_done_once(shared: Database) -> None:
    _left_by_a_dead_worker(shared, 7)
    diary = Diary()
    diary.gate.clear()
    with shared.write() as session:
        add_jobs(session, [JobRow("job", 7)])
        session.execute(text("UPDATE procrastinate_jobs SET queue_name = 'elsewhere' WHERE status = 'todo'"))
    runner = _runner(shared, diary)
    while "doing" in _standing(shared):
        runner._stopping.wait(0.1)
    runner.stop()
    assert _standing(shared) == {"todo": 1}, "the doubled one was put back, or stayed behind"


def _left_by_a_dead_worker(database: Database, row_id: int) -> None:
    with database.write() as session:
        worker = session.scalar(text("SELECT worker_id FROM procrastinate_register_worker_v1()"))
        session.execute(
            text(
                "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour' WHERE id = :id"
            ),
            {"id": worker},
        )
        add_jobs(session, [JobRow("job", row_id)])
        session.execute(
            text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :id"), {"id": worker}
        )


def test_a_worker_whose_connections_were_cut_goes_on(shared: Database) -> None:
    diary = Diary()
    runner = _runner(shared, diary)
    ClusterQueue(shared).submit("job", 1)
    assert diary.wait_for(lambda: diary.done == [1])
    with shared.write() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    ClusterQueue(shared).submit("job", 2)
    assert diary.wait_for(lambda: diary.done == [1, 2])
    runner.stop()


def test_finished_jobs_are_forgotten_and_waiting_ones_kept(shared: Database) -> None:
    with shared.write() as session:
        add_jobs(session, [JobRow("job", row) for row in range(5)])
        session.execute(
            text(
                "UPDATE procrastinate_jobs SET status = 'doing' WHERE id <= (SELECT min(id) + 3 FROM procrastinate_jobs)"
            )
        )
        session.execute(text("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE status = 'doing'"))
    with shared.write() as session:
        assert drop_finished(session, limit=3) == 3
        assert drop_finished(session, limit=3) == 1
    assert _standing(shared) == {"todo": 1}
