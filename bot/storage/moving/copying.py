"""Rows from SQLite into PostgreSQL: a batch, and the record of it, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from psycopg import sql
from sqlalchemy import Connection, bindparam, func, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.model.errors import BadInput
from bot.storage.moving.plan import Key, Part, Row, count_rows, read_batch, read_late
from bot.storage.moving.progress import Progress
from bot.storage.session import Database

BATCH = 5000
"""Rows a transaction: enough that its own cost does not count, little enough to begin again with."""

Report = Callable[[str, int, int], None]
"""Told of every batch before it is committed: table, rows that will have gone over, rows in all."""


@dataclass(frozen=True, slots=True)
class Copying:
    """Carries tables over. The source's connection sees one state of the database all the while."""

    source: Connection
    target: Database
    progress: Progress
    report: Report
    batch: int = BATCH

    def copy_rows(self, part: Part) -> None:
        """All rows of a table, going on where an earlier run stopped."""
        self._batches(part, f"rows of {part.name}", read_batch, self._put)

    def fill_late(self, part: Part) -> None:
        """The columns that had to wait until the rows they refer to were there."""
        if part.late:
            self._batches(part, f"references of {part.name}", read_late, self._fill)

    def _batches(
        self,
        part: Part,
        step: str,
        read: Callable[[Connection, Part, Key | None, int], list[Row]],
        put: Callable[[Connection, Part, Sequence[Row]], None],
    ) -> None:
        last, copied, done = self.progress.place(step)
        total = count_rows(self.source, part)
        while not done:
            rows = read(self.source, part, last, self.batch)
            done = len(rows) < self.batch
            last = part.key_of(rows[-1]) if rows else last
            copied += len(rows)
            with self.target.engine.begin() as connection:
                if rows:
                    put(connection, part, rows)
                self.progress.note(connection, step, last=last, rows=copied, done=done)
                self.report(part.name, copied, total)

    def _put(self, connection: Connection, part: Part, rows: Sequence[Row]) -> None:
        empty = [at for at, column in enumerate(part.columns) if column in set(part.late)]
        names = sql.SQL(", ").join(sql.Identifier(column.name) for column in part.columns)
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(part.name), names)
        cursor = connection.connection.cursor()
        try:
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(_without(row, empty))
        except connection.dialect.loaded_dbapi.DataError as error:
            raise _unfit(part, rows, error) from error
        finally:
            cursor.close()

    def _fill(self, connection: Connection, part: Part, rows: Sequence[Row]) -> None:
        keys = {f"key_{column.name}": column for column in part.keys}
        values = {f"new_{column.name}": column for column in part.late}
        statement = update(part.table).values(
            {column: bindparam(name, type_=column.type) for name, column in values.items()}
        )
        for name, column in keys.items():
            statement = statement.where(column == bindparam(name, type_=column.type))
        connection.execute(statement, [dict(zip([*keys, *values], row, strict=True)) for row in rows])


def set_sequences(connection: Connection, found: Sequence[Part]) -> None:
    """New rows get keys after those that came over."""
    for part in found:
        key = part.keys[0]
        owner = {"table": f'"{part.name}"', "column": key.name}
        sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), owner)
        highest = connection.scalar(select(func.max(key))) if sequence else None
        if highest is not None:
            connection.execute(text("SELECT setval(:name, :value)"), {"name": sequence, "value": highest})
    connection.execute(text("ANALYZE"))


def empty_tables(connection: Connection, found: Sequence[Part]) -> None:
    """Take out what the migrations themselves put in: the source brings its own."""
    try:
        names = ", ".join(f'"{part.name}"' for part in found)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
    except DBAPIError as error:
        raise BadInput(f"The tables of the target cannot be emptied: {error.orig}") from error


def _without(row: Row, empty: Sequence[int]) -> Row:
    if not empty:
        return row
    values = list(row)
    for at in empty:
        values[at] = None
    return tuple(values)


def _unfit(part: Part, rows: Sequence[Row], error: Exception) -> BadInput:
    first, last = part.key_of(rows[0]), part.key_of(rows[-1])
    # The error's second line on quotes the value: a family's words stay out.
    reason = str(error).splitlines()[0]
    return BadInput(f"PostgreSQL takes not all rows of {part.name} with keys {first} to {last}: {reason}")
