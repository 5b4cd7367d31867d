"""Sessions: short, one kind for reading and one for writing, never held over a network call."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from bot.storage.patience import patient
from bot.storage.wal_sync import WalSync


class Database:
    """One database, SQLite or PostgreSQL, from the same models."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        if parsed.drivername in {"postgresql", "postgres"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.embedded = parsed.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"pool_pre_ping": not self.embedded}
        if self.embedded:
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            options |= {"pool_size": 20, "max_overflow": 20}
        else:
            options |= {"pool_size": 10, "max_overflow": 10, "connect_args": patient(parsed)}
        self.engine: Engine = create_engine(parsed, **options)
        if self.embedded:
            _prepare_sqlite(self.engine)
        # SQLite lets one writer in and makes the others sleep, longer each time they knock. Threads of this
        # process queue here instead and are woken the moment it is their turn.
        self._turn_to_write: AbstractContextManager[object] = (
            threading.Lock() if self.embedded else nullcontext()
        )
        file = parsed.database if self.embedded else None
        self._log = WalSync(file) if file and file != ":memory:" else None
        self._reading = sessionmaker(self.engine, expire_on_commit=False)
        self._writing = sessionmaker(
            self.engine.execution_options(homeline_writes=True), expire_on_commit=False
        )

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking only; nothing it changes is kept."""
        with self._reading() as session:
            yield session

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Session]:
        """A session whose work is committed at the end, or rolled back whole on any error.

        `durable=False` is for work that nobody was told of and that is done again when a power cut takes
        it (a crash of the process never does): it is on the disk with the next durable commit, or soon.
        On PostgreSQL a crash of the server takes it, too, but never without all that was committed after it.
        """
        with self._writing() as session:
            with self._turn_to_write, session.begin():
                if not (durable or self.embedded):
                    session.connection().exec_driver_sql("SET LOCAL synchronous_commit = off")
                yield session
            if durable and self._log is not None:
                self._log.settle()
            for call in session.info.pop(_AFTER_COMMIT, ()):
                call()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


_AFTER_COMMIT = "homeline_after_commit"


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Have `call` run once this write session has committed; never when it rolls back."""
    session.info.setdefault(_AFTER_COMMIT, []).append(call)


def _prepare_sqlite(engine: Engine) -> None:
    """WAL so that readers never wait, and write transactions begun as immediate so that two writers queue
    instead of failing midway. A committed text survives a power cut: Database.write syncs the log."""

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("homeline_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
