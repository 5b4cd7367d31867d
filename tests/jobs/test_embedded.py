"""The embedded runner does what is committed, in threads, and nothing that was rolled back."""

from __future__ import annotations

import threading

import pytest

from bot.jobs.embedded import EmbeddedQueue, EmbeddedRunner
from bot.storage.session import Database


class Counting:
    """A job that writes down its calls and can be held up."""

    def __init__(self, following: dict[int, int] | None = None) -> None:
        self.done: list[int] = []
        self.following = following or {}
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()

    def __call__(self, row_id: int) -> int | None:
        """Count, wait at the gate, name what follows."""
        self.entered.set()
        assert self.gate.wait(10)
        self.done.append(row_id)
        return self.following.get(row_id)


def test_a_row_is_worked_on_after_its_commit(sqlite_database: Database) -> None:
    job = Counting()
    runner, queue = EmbeddedRunner({"job": (job, 1)}), EmbeddedQueue()
    queue.connect(runner.submit)
    with sqlite_database.write() as session:
        queue.enqueue(session, "job", 7)
        assert job.done == []
    runner.finish()
    assert job.done == [7]


def test_a_row_of_a_broadcast_waits_for_the_clock(sqlite_database: Database) -> None:
    job = Counting()
    runner, queue = EmbeddedRunner({"job": (job, 1)}), EmbeddedQueue()
    queue.connect(runner.submit)
    with sqlite_database.write() as session:
        queue.enqueue(session, "job", 7, priority=-2)
    runner.finish()
    assert job.done == []


def test_a_row_that_was_rolled_back_is_left_alone(sqlite_database: Database) -> None:
    job = Counting()
    runner, queue = EmbeddedRunner({"job": (job, 1)}), EmbeddedQueue()
    queue.connect(runner.submit)
    with pytest.raises(RuntimeError), sqlite_database.write() as session:
        queue.enqueue(session, "job", 7)
        raise RuntimeError
    runner.finish()
    assert job.done == []


def test_what_a_job_names_is_done_next() -> None:
    job = Counting({1: 2, 2: 3})
    runner = EmbeddedRunner({"job": (job, 2)})
    runner.submit("job", 1)
    runner.finish()
    assert job.done == [1, 2, 3]


def test_asking_while_a_row_is_under_way_runs_it_once_more_afterwards() -> None:
    job = Counting()
    job.gate.clear()
    runner = EmbeddedRunner({"job": (job, 4)})
    runner.submit("job", 1)
    assert job.entered.wait(10)
    for _ in range(3):
        runner.submit("job", 1)
    assert runner.counts() == {"job": 1}
    job.gate.set()
    runner.finish()
    assert job.done == [1, 1]


def test_a_job_that_fails_does_not_stop_the_others() -> None:
    done: list[int] = []

    def job(row_id: int) -> int | None:
        if row_id == 1:
            raise ValueError("a text that must not be logged")
        done.append(row_id)
        return None

    runner = EmbeddedRunner({"job": (job, 1)})
    runner.submit("job", 1)
    runner.submit("job", 2)
    runner.finish()
    assert done == [2]


def test_after_the_stop_nothing_new_is_begun() -> None:
    job = Counting()
    runner = EmbeddedRunner({"job": (job, 1)})
    runner.stop()
    runner.submit("job", 1)
    assert job.done == []
    assert runner.counts() == {"job": 0}
