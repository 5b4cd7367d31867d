"""From a scheduled broadcast to all its rows: recipients a second, beside a bare bulk insert of the same rows.

The floor takes the very rows that the expansion stored, made ready beforehand, and stores them once more for
another broadcast: SQLite by `executemany`, PostgreSQL by COPY, in transactions of as many.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from bench import roster
from bench.figures import Figure, Target, share
from bench.machine import memory_mb, wait_until_calm
from bot.jobs.broadcasting import Broadcasting
from bot.outbox.broadcast_wording import PhrasebookWording
from bot.outbox.phrasebook import Phrasebook
from bot.outbox.queueing import Queueing
from bot.school.broadcasts.rows import CHUNK
from bot.school.policy import Policy
from bot.serving.memory import settle_memory
from bot.storage.broadcasts import Broadcast
from bot.storage.schema import metadata
from bot.storage.session import Database
from tests import postgres
from tests.broadcasts import RESPONSES, ZONE
from tests.conftest import FixedClock
from tests.journeys.house import ROOT
from tests.outbox.fakes import FakeQueue

SIZES = (2_000, 20_000, 100_000)
TEXTS = {"one text": "School is closed tomorrow.", "merged": "Dear family of {child}: {teacher} will call."}
TABLES = ("broadcast_recipients", "deliveries")
KINDS = ("SQLite", "PostgreSQL")


@dataclass
class Watched:
    """A database as the product has it, with a stop-watch on every write transaction."""

    database: Database
    held: list[float] = field(default_factory=list)

    def read(self) -> Any:
        """As the database does."""
        return self.database.read()

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Session]:
        """As the database does; how long the transaction was open is kept, in seconds."""
        with self.database.write(durable=durable) as session:
            began = time.perf_counter()
            yield session
            session.flush()
            self.held.append(time.perf_counter() - began)


@dataclass
class Passer:
    """Somebody else who writes meanwhile, as a webhook does: how long each waited, and the process's memory."""

    database: Database
    waits: list[float] = field(default_factory=list)
    memory: float = 0.0
    _done: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Write every 20 ms until it ends."""
        thread = threading.Thread(target=self._pass)
        thread.start()
        try:
            yield
        finally:
            self._done.set()
            thread.join()

    def _pass(self) -> None:
        while not self._done.wait(0.02):
            began = time.perf_counter()
            with self.database.write(durable=False) as session:
                session.connection().exec_driver_sql("UPDATE orgs SET name = name WHERE id = 1")
            self.waits.append(time.perf_counter() - began)
            self.memory = max(self.memory, memory_mb_now())


@dataclass(frozen=True, slots=True)
class Run:
    """One expansion: recipients, seconds, seconds of the floor, the longest transaction and wait, MB grown."""

    recipients: int
    seconds: float
    floor: float
    held: float
    waited: float
    grown: float


def measure(runs: int, patience: float) -> list[Figure]:
    """Every size on both databases; the largest once. Memory is looked after as in the product's own processes."""
    found: list[Figure] = []
    settle_memory()
    for kind in KINDS:
        for size in SIZES:
            with district(kind, size) as database:
                for name, text in TEXTS.items():
                    times = runs if size < max(SIZES) else 1
                    made = [expand(database, text, patience) for _ in range(times)]
                    found += _figures(f"{kind}, {size:,} guardians, {name}", made)
    return found


def _figures(what: str, runs: Sequence[Run]) -> list[Figure]:
    rates, floors = (
        tuple(run.recipients / seconds for run, seconds in zip(runs, times, strict=True))
        for times in ([run.seconds for run in runs], [run.floor for run in runs])
    )
    target = Target(0.5, at_least=True, of_ratio=True)
    return [
        Figure(what, "recipients/s", rates, "bare bulk insert", floors, target),
        Figure(f"{what}: longest transaction", "ms", tuple(run.held * 1000 for run in runs)),
        Figure(f"{what}: another writer waited at most", "ms", tuple(run.waited * 1000 for run in runs)),
        Figure(f"{what}: memory grown", "MB", tuple(run.grown for run in runs)),
    ]


@contextmanager
def district(kind: str, guardians: int) -> Iterator[Database]:
    """A new database with so many guardians."""
    with ExitStack() as stack:
        if kind == "SQLite":
            url = f"sqlite:///{stack.enter_context(tempfile.TemporaryDirectory())}/homeline.db"
        else:
            cluster = stack.enter_context(postgres.server())
            url = stack.enter_context(postgres.fresh_database(cluster))
        database = Database(url)
        stack.callback(database.close)
        metadata.create_all(database.engine)
        roster.fill(database, guardians)
        yield database


def expand(database: Database, text: str, patience: float) -> Run:
    """One broadcast to everybody, then the same rows bare."""
    watched, passer = Watched(database), Passer(database)
    clock, book = FixedClock(), Phrasebook(RESPONSES, ROOT / "bot" / "locales", ZONE)
    book.prepare(roster.LANGUAGES)
    queueing = Queueing(book, FakeQueue(), Policy(), ZONE)
    wording = PhrasebookWording(book)
    number = _scheduled(database, clock, text)
    clockwork = Broadcasting(watched, clock, queueing, wording, ZONE, "Río Vista")  # type: ignore[arg-type]
    wait_until_calm(patience)
    before, began = memory_mb_now(), time.perf_counter()
    with passer.passing():
        while _state(database, number) != "sending":
            clockwork.advance()
    seconds = time.perf_counter() - began
    return Run(_count(database, number), seconds, _floor(database, number), max(watched.held),
               share(passer.waits or [0.0], 1.0), passer.memory - before)  # fmt: skip


def memory_mb_now() -> float:
    """What this process holds now, in MB."""
    return memory_mb(os.getpid())["rss"]


def _scheduled(database: Database, clock: FixedClock, text: str) -> int:
    now = clock.now()
    with database.write() as session:
        made = Broadcast(author_id=1, text=text, language="en", translations={"es": f"{text} Hasta luego."},
                         audience={}, state="scheduled", send_at=now, undo_until=now, created_at=now)  # fmt: skip
        session.add(made)
    return made.id


def _state(database: Database, number: int) -> str:
    with database.read() as session:
        return session.get_one(Broadcast, number).state


def _count(database: Database, number: int) -> int:
    query = f"SELECT count(*) FROM broadcast_recipients WHERE broadcast_id = {number}"
    with database.read() as session:
        return int(session.connection().exec_driver_sql(query).scalar_one())


def _floor(database: Database, number: int) -> float:
    """Seconds to store the rows of a broadcast once more, as those of another one."""
    ready = {table: _rows(database, table, number) for table in TABLES}
    with database.write() as session:
        session.add(
            Broadcast(author_id=1, text="", language="en", audience={}, created_at=FixedClock().now())
        )
    began = time.perf_counter()
    for table, (columns, rows) in ready.items():
        for first in range(0, len(rows), CHUNK):
            with database.write(durable=False) as session:
                _store(session, table, columns, rows[first : first + CHUNK])
    return time.perf_counter() - began


def _rows(database: Database, table: str, number: int) -> tuple[str, list[tuple[Any, ...]]]:
    """The rows of a broadcast as the next one's, with the names of their columns."""
    kept = [column.name for column in metadata.tables[table].columns if column.name != "id"]
    chosen = ", ".join(_as_text(name) for name in kept)
    with database.read() as session:
        found = session.connection().exec_driver_sql(
            f"SELECT {chosen} FROM {table} WHERE broadcast_id = {number}"
        )
        rows = [list(row) for row in found]
    place, key = kept.index("broadcast_id"), kept.index("dedupe_key") if "dedupe_key" in kept else None
    for row in rows:
        row[place] = number + 1
        if key is not None:
            row[key] = f"floor:{row[key]}"
    return ", ".join(kept), [tuple(row) for row in rows]


def _as_text(column: str) -> str:
    return f"CAST({column} AS TEXT)" if column == "children" else column


def _store(session: Session, table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(rows[0]))
        connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(rows))
        return
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
