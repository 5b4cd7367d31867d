"""Group commit for SQLite: commits made at the same time reach the disk with one sync instead of one each.

Under `synchronous=FULL` SQLite syncs its log inside every commit, one writer after another, and a disk
takes milliseconds each time. Under NORMAL a commit only appends to the log; syncing the log file
afterwards, before anybody is told of the commit, gives the same promise (the log is what a restart
after a power cut reads; SQLite itself still syncs it before and the database after each checkpoint).
"""

from __future__ import annotations

import os
import threading


class WalSync:
    """The write-ahead log of one database file. Safe to use from several threads."""

    def __init__(self, database: str) -> None:
        self._log = f"{database}-wal"
        self._change = threading.Condition()
        self._begun = self._done = 0
        self._busy = False
        self._waiting = 0

    def settle(self) -> None:
        """Wait until everything committed before this call is on the disk. OSError when the disk refuses."""
        with self._change:
            wanted = self._begun + 1  # a sync that began earlier may have missed the caller's commit
            while self._done < wanted:
                if self._busy:
                    self._waiting += 1
                    self._change.wait()
                    self._waiting -= 1
                else:
                    self._lead()

    def _lead(self) -> None:
        """Sync for all who wait, with the condition let go meanwhile."""
        self._busy = True
        self._begun += 1
        number = self._begun
        self._change.release()
        try:
            self.sync()
        except BaseException:
            self._change.acquire()
            self._busy = False
            self._change.notify_all()
            raise
        self._change.acquire()
        self._busy, self._done = False, number
        self._change.notify_all()

    def waiting(self) -> int:
        """How many wait for a sync of somebody else to end."""
        with self._change:
            return self._waiting

    def sync(self) -> None:
        """One sync of the log file. Without a file there is nothing: the last checkpoint has synced all of it."""
        try:
            log = os.open(self._log, os.O_RDONLY)
        except FileNotFoundError:
            return
        try:
            os.fdatasync(log)
        finally:
            os.close(log)  # SQLite holds no POSIX locks on the log, so that closing it here drops none
