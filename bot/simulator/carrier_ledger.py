"""What the development carrier remembers: every text in and out, and which pairs of numbers are blocked.

Kept in an SQLite file of its own, so that it outlives a restart of the product it serves.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TABLES = """
create table if not exists messages (
    id integer primary key autoincrement, sid text not null unique, direction text not null,
    sender text not null, recipient text not null, body text not null, status text not null,
    error_code integer, service text, callback text, created real not null, updated real not null, sent real);
create index if not exists messages_recipient on messages (recipient, id);
create index if not exists messages_sender on messages (sender, id);
create table if not exists blocks (ours text not null, theirs text not null, primary key (ours, theirs));
create table if not exists mishaps (kind text primary key, number integer not null);
"""
INBOUND, OUTBOUND, AUTOMATIC = "inbound", "outbound-api", "outbound-reply"
UNFINISHED = ("accepted", "queued", "sending", "sent")


@dataclass(frozen=True, slots=True)
class Entry:
    """One text. Times are seconds since 1970; `sent` is None until it left the carrier's queue."""

    sid: str
    direction: str
    sender: str
    recipient: str
    body: str
    status: str
    created: float
    updated: float
    sent: float | None = None
    error_code: int | None = None
    service: str | None = None
    callback: str | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Search:
    """Which texts to list, newest first: filters by address and time of sending, and where to go on.

    `created_until` is up to when the list knows of texts at all.
    """

    recipient: str | None = None
    sender: str | None = None
    sent_from: float | None = None
    sent_until: float | None = None
    created_until: float | None = None
    before_id: int | None = None
    limit: int = 50


class Ledger:
    """One SQLite file. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma journal_mode=wal")
        self._db.execute(
            "pragma synchronous=normal"
        )  # survives kill -9 of the process, which is all that is asked
        self._db.executescript(_TABLES)

    def add(self, entry: Entry) -> None:
        """Remember a text."""
        names = [name for name in Entry.__dataclass_fields__ if name != "id"]
        marks = ", ".join("?" for _ in names)
        self._run(
            f"insert into messages ({', '.join(names)}) values ({marks})",
            [getattr(entry, name) for name in names],
        )

    def advance(self, sid: str, status: str, now: float, error_code: int | None = None) -> None:
        """A text's new status; the first one after the queue is when it was sent.

        What has come to its end stays there, also when another thread reports late what came before.
        """
        marks = ", ".join("?" for _ in UNFINISHED)
        sent = None if status in ("accepted", "queued") else now
        self._run(
            "update messages set status=?, error_code=?, updated=?, sent=coalesce(sent, ?)"
            f" where sid=? and status in ({marks})",
            [status, error_code, now, sent, sid, *UNFINISHED],
        )

    def get(self, sid: str) -> Entry | None:
        """One text by its id."""
        found = self._run("select * from messages where sid=?", [sid])
        return _entry(found[0]) if found else None

    def search(self, search: Search) -> Sequence[Entry]:
        """Texts, newest first."""
        wheres: Mapping[str, object] = {
            "recipient = ?": search.recipient,
            "sender = ?": search.sender,
            "sent >= ?": search.sent_from,
            "sent <= ?": search.sent_until,
            "created <= ?": search.created_until,
            "id < ?": search.before_id,
        }
        used = {clause: value for clause, value in wheres.items() if value is not None}
        where = f"where {' and '.join(used)}" if used else ""
        found = self._run(
            f"select * from messages {where} order by id desc limit ?", [*used.values(), search.limit]
        )
        return [_entry(row) for row in found]

    def thread(self, number: str, limit: int = 100) -> Sequence[Entry]:
        """The last texts from and to a telephone, oldest first: what its owner sees."""
        found = self._run(
            "select * from (select * from messages where sender=? union select * from messages where recipient=?)"
            " order by id desc limit ?",
            [number, number, limit],
        )
        return [_entry(row) for row in reversed(found)]

    def unfinished(self) -> Sequence[Entry]:
        """Texts that had not reached their last status when the process ended."""
        marks = ", ".join("?" for _ in UNFINISHED)
        found = self._run(
            f"select * from messages where direction=? and status in ({marks}) order by id",
            [OUTBOUND, *UNFINISHED],
        )
        return [_entry(row) for row in found]

    def block(self, ours: str, theirs: str) -> bool:
        """No more texts from our number to theirs. False when that held already."""
        return bool(self._run("insert or ignore into blocks values (?, ?) returning 1", [ours, theirs]))

    def unblock(self, ours: str, theirs: str) -> bool:
        """Texts may go again. False when they could before."""
        return bool(self._run("delete from blocks where ours=? and theirs=? returning 1", [ours, theirs]))

    def is_blocked(self, ours: str, theirs: str) -> bool:
        """True between STOP and START."""
        return bool(self._run("select 1 from blocks where ours=? and theirs=?", [ours, theirs]))

    def count_mishap(self, kind: str) -> None:
        """One more thing of this kind went wrong on purpose."""
        self._run(
            "insert into mishaps values (?, 1) on conflict (kind) do update set number = number + 1", [kind]
        )

    def mishaps(self) -> Mapping[str, int]:
        """How often what went wrong on purpose."""
        return {row["kind"]: row["number"] for row in self._run("select * from mishaps", [])}

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _run(self, statement: str, values: Sequence[object]) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(**{name: row[name] for name in Entry.__dataclass_fields__})
