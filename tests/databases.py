"""One database of each kind, made once and emptied for each test: so are its statements compiled once, not per test."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.storage.session import Database
from tests import postgres


def remove_sqlite(file: Path) -> None:
    """Take a SQLite file away, with its log. Whoever still has it open keeps the old one."""
    for part in ("", "-wal", "-shm"):
        Path(f"{file}{part}").unlink(missing_ok=True)


class EmptySqlite:
    """A SQLite file that begins anew as a copy of one that has all tables and no row."""

    def __init__(self, template: Path, folder: Path) -> None:
        self._template, self._file = template, folder / "homeline.db"
        self._database = Database(f"sqlite:///{self._file}")

    def fresh(self) -> Database:
        """The database without a row."""
        self._database.close()
        remove_sqlite(self._file)
        shutil.copy(self._template, self._file)
        return self._database

    def close(self) -> None:
        """Give all connections back."""
        self._database.close()


class EmptyPostgres:
    """A PostgreSQL database that is emptied again and again."""

    def __init__(self, url: str) -> None:
        self._url, self._database = url, Database(url)

    def fresh(self, *, anew: bool = False) -> Database:
        """The database without a row, its keys at 1; `anew` also without a trace of earlier tests."""
        self._database.close()
        postgres.empty(self._url, anew=anew)
        return self._database

    def close(self) -> None:
        """Give all connections back."""
        self._database.close()
