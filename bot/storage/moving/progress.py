"""How far a move came, recorded in the target within the transactions that carry the rows."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Connection, MetaData, String, Table, Text, inspect, select
from sqlalchemy.dialects import postgresql

from bot.storage.moving.marks import PROGRESS
from bot.storage.moving.plan import Key, read_key, write_key
from bot.storage.session import Database

SCHEMA = "schema"

_progress = Table(
    PROGRESS,
    MetaData(),
    Column("step", String, primary_key=True),
    Column("last_key", Text),
    Column("rows", BigInteger, nullable=False, default=0),
    Column("done", Boolean, nullable=False, default=False),
)


class Progress:
    """The steps of a move: "schema", "rows of <table>", "references of <table>"."""

    def __init__(self, target: Database) -> None:
        self._target = target

    def begin(self) -> None:
        """Make the record, if it is not there."""
        with self._target.engine.begin() as connection:
            _progress.create(connection, checkfirst=True)

    def end(self, connection: Connection) -> None:
        """The move is finished, or given up; the record goes with the caller's commit."""
        _progress.drop(connection, checkfirst=True)

    def has_begun(self) -> bool:
        """Whether a move to this database is under way."""
        return inspect(self._target.engine).has_table(PROGRESS)

    def place(self, step: str) -> tuple[Key | None, int, bool]:
        """The last key that went over, how many rows did, and whether the step is done."""
        with self._target.engine.connect() as connection:
            row = connection.execute(select(_progress).where(_progress.c.step == step)).first()
        return (read_key(row.last_key), row.rows, row.done) if row is not None else (None, 0, False)

    def note(
        self, connection: Connection, step: str, *, last: Key | None, rows: int, done: bool = False
    ) -> None:
        """Record a place within the transaction that carries the rows up to it."""
        values = {"last_key": None if last is None else write_key(last), "rows": rows, "done": done}
        put = postgresql.insert(_progress).values(step=step, **values)
        connection.execute(put.on_conflict_do_update(index_elements=["step"], set_=values))
