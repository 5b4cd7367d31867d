"""One suite for what brings rows to jobs: threads on SQLite, Procrastinate's workers on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.jobs.cluster_engine import ClusterEngine
from bot.jobs.engines import EmbeddedEngine, Engine, engine_for
from bot.storage.session import Database

LONG = 30.0
"""Seconds until a test gives up waiting."""


class Diary:
    """A job that writes down its rows, can be held up, and names what follows."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.following: dict[int, int] = {}
        self.fails: set[int] = set()
        self.gate = threading.Event()
        self.gate.set()
        self._change = threading.Condition()
        self.begun: list[int] = []

    def __call__(self, row_id: int) -> int | None:
        """Begin, wait at the gate, fail where told to, else note it and say what follows."""
        with self._change:
            self.begun.append(row_id)
            self._change.notify_all()
        assert self.gate.wait(LONG)
        if row_id in self.fails:
            raise ValueError("a text that must not be logged")
        with self._change:
            self.done.append(row_id)
            self._change.notify_all()
        return self.following.get(row_id)

    def wait_for(self, seen: Callable[[], bool]) -> bool:
        """Wait until that is so."""
        with self._change:
            return self._change.wait_for(seen, LONG)


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    """The engine of each kind of database, stopped at the end."""
    made = engine_for(database)
    yield made
    made.stop()


@pytest.fixture
def diary() -> Diary:
    """A job."""
    return Diary()


def test_each_database_has_its_engine(database: Database) -> None:
    wanted = EmbeddedEngine if database.embedded else ClusterEngine
    assert isinstance(engine_for(database), wanted)


def test_what_was_committed_is_done_and_what_was_rolled_back_is_not(
    database: Database, engine: Engine, diary: Diary
) -> None:
    engine.start({"job": (diary, 2)})
    with pytest.raises(RuntimeError), database.write() as session:
        engine.queue.enqueue(session, "job", 1)
        raise RuntimeError
    with database.write() as session:
        engine.queue.enqueue(session, "job", 2)
        assert diary.begun == []
    assert diary.wait_for(lambda: bool(diary.done))
    engine.stop()
    assert diary.done == [2]


def test_asking_twice_for_a_row_is_no_error_and_breaks_no_transaction(
    database: Database, engine: Engine, diary: Diary
) -> None:
    engine.start({"job": (diary, 1)})
    with database.write() as session:
        for row in (1, 1, 2):
            engine.queue.enqueue(session, "job", row)
    assert diary.wait_for(lambda: 2 in diary.done)
    engine.stop()
    assert set(diary.done) == {1, 2}


def test_what_follows_from_a_job_is_done_too(engine: Engine, diary: Diary) -> None:
    diary.following = {1: 2, 2: 3}
    engine.start({"job": (diary, 1)})
    engine.submit("job", 1)
    assert diary.wait_for(lambda: diary.done == [1, 2, 3])


def test_a_job_that_fails_keeps_back_no_other(engine: Engine, diary: Diary) -> None:
    diary.fails = {1}
    engine.start({"job": (diary, 1)})
    engine.submit("job", 1)
    engine.submit("job", 2)
    assert diary.wait_for(lambda: diary.done == [2])
    assert diary.begun == [1, 2]


def test_kinds_of_jobs_do_not_wait_for_each_other(engine: Engine, diary: Diary) -> None:
    slow = Diary()
    slow.gate.clear()
    engine.start({"slow": (slow, 1), "job": (diary, 1)})
    engine.submit("slow", 1)
    assert slow.wait_for(lambda: slow.begun == [1])
    engine.submit("job", 1)
    assert diary.wait_for(lambda: diary.done == [1])
    slow.gate.set()


def test_rows_of_a_broadcast_and_rows_for_later_are_left_to_the_clock(
    database: Database, engine: Engine, diary: Diary
) -> None:
    engine.start({"job": (diary, 1)})
    later = datetime.now(UTC) + timedelta(hours=1)
    with database.write() as session:
        engine.queue.enqueue(session, "job", 1, priority=-1)
        engine.queue.enqueue(session, "job", 2, at=later)
        engine.queue.enqueue(session, "job", 3)
    assert diary.wait_for(lambda: bool(diary.done))
    engine.stop()
    assert diary.done == [3]


def test_a_stop_finishes_what_has_begun_and_begins_nothing_new(engine: Engine, diary: Diary) -> None:
    diary.following = {1: 2}
    diary.gate.clear()
    engine.start({"job": (diary, 1)})
    engine.submit("job", 1)
    assert diary.wait_for(lambda: diary.begun == [1])
    engine.submit("job", 5)
    stopping = threading.Thread(target=engine.stop)
    stopping.start()
    stopping.join(0.3)
    assert stopping.is_alive(), "it did not wait for the job in hand"
    diary.gate.set()
    stopping.join(LONG)
    assert diary.done == [1]


def test_an_engine_that_never_started_stops_and_can_still_be_started(engine: Engine, diary: Diary) -> None:
    before = set(threading.enumerate())
    engine.stop()
    assert set(threading.enumerate()) <= before
    engine.start({"job": (diary, 1)})
    engine.submit("job", 1)
    assert diary.wait_for(lambda: diary.done == [1])
