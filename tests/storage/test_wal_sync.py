"""Commits of the same moment share one sync; nobody is told of a commit that is not on the disk."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.storage.session import Database, after_commit
from bot.storage.wal_sync import WalSync


class Disk(WalSync):
    """A disk that is as slow as the test wants, and counts."""

    def __init__(self) -> None:
        super().__init__("nowhere.db")
        self.syncs = 0
        self.started = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.broken = False

    def sync(self) -> None:
        self.syncs += 1
        self.started.release()
        assert self.go_on.wait(10)
        if self.broken:
            raise OSError("the disk refuses")


def test_all_who_come_during_a_sync_share_the_next_one() -> None:
    disk = Disk()
    first = threading.Thread(target=disk.settle)
    first.start()
    assert disk.started.acquire(timeout=10)
    late = [threading.Thread(target=disk.settle) for _ in range(8)]
    for thread in late:
        thread.start()
    while disk.waiting() < 8:
        pass
    disk.go_on.set()
    for thread in [first, *late]:
        thread.join(10)
    assert disk.syncs == 2


def test_a_disk_that_refuses_is_not_passed_over_and_the_next_try_works() -> None:
    disk = Disk()
    disk.go_on.set()
    disk.broken = True
    with pytest.raises(OSError, match="refuses"):
        disk.settle()
    disk.broken = False
    disk.settle()
    assert disk.syncs == 2


def test_a_log_that_a_checkpoint_has_taken_in_needs_no_sync(tmp_path: Path) -> None:
    file = tmp_path / "homeline.db"
    WalSync(str(file)).settle()
    assert list(tmp_path.iterdir()) == [], "a log was made where none was"


def test_a_durable_write_is_on_the_disk_before_anybody_hears_of_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/homeline.db")
    heard: list[str] = []
    disk = Disk()
    disk.go_on.set()
    disk.sync = lambda: heard.append("synced")  # type: ignore[method-assign]
    database._log = disk
    with database.write() as session:
        session.execute(text("create table things (name text)"))
        after_commit(session, lambda: heard.append("told"))
    with database.write(durable=False) as session:
        session.execute(text("insert into things values ('one')"))
        after_commit(session, lambda: heard.append("told of work that can be done again"))
    database.close()
    assert heard == ["synced", "told", "told of work that can be done again"]


def test_writers_of_one_process_take_turns(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/homeline.db")
    with database.write() as session:
        session.execute(text("create table counts (n integer)"))
        session.execute(text("insert into counts values (0)"))

    def count() -> None:
        for _ in range(20):
            with database.write() as session:
                seen = session.scalar(text("select n from counts"))
                session.execute(text("update counts set n = :n"), {"n": int(seen or 0) + 1})

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with database.read() as session:
        assert session.scalar(text("select n from counts")) == 120
    database.close()
