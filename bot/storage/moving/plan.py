"""In which order tables go over, and how their rows are read so that both databases give the same values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    Text,
    cast,
    collate,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.schema import sort_tables_and_constraints

from bot.model.errors import BadInput
from bot.storage.schema import metadata

Key = tuple[Any, ...]
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One table. `late` are columns that refer to rows not copied yet (to the table itself, or in a circle):
    they go over empty and are filled once every table is there."""

    table: Table
    late: tuple[Column[Any], ...]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    @property
    def keys(self) -> tuple[Column[Any], ...]:
        """The columns of the primary key."""
        return tuple(self.table.primary_key.columns)

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        """All columns, those of the key first."""
        return (*self.keys, *(column for column in self.table.columns if not column.primary_key))

    def key_of(self, row: Sequence[Any]) -> Key:
        """The key of a row read in the order of `columns`."""
        return tuple(row[: len(self.table.primary_key)])


def parts() -> list[Part]:
    """All tables of the models, those first that others refer to. BadInput when a circle cannot be opened."""
    found: list[Part] = []
    ordered = sort_tables_and_constraints(metadata.tables.values())  # type: ignore[no-untyped-call]
    circles = [constraint for table, rest in ordered if table is None for constraint in rest]
    for table, _ in ordered:
        if table is None:
            continue
        own = [c for c in table.foreign_key_constraints if c.referred_table is table or c in circles]
        late = tuple(table.columns[name] for constraint in own for name in constraint.column_keys)
        stuck = [column.name for column in late if not column.nullable]
        if stuck:
            raise BadInput(
                f"{table.name}.{stuck[0]} refers in a circle and may not be empty; it cannot be moved"
            )
        found.append(Part(table, late))
    return found


def read_batch(connection: Connection, part: Part, after: Key | None, limit: int) -> list[Row]:
    """The next rows in the order of the key, as values that are equal on both databases."""
    query = _in_order(connection, part, select(*_neutral(part.columns)), after, limit)
    return [tuple(row) for row in connection.execute(query)]


def read_late(connection: Connection, part: Part, after: Key | None, limit: int) -> list[Row]:
    """The next rows whose late columns are not empty: key, then those columns."""
    query = select(*part.keys, *part.late).where(or_(*(column.is_not(None) for column in part.late)))
    return [tuple(row) for row in connection.execute(_in_order(connection, part, query, after, limit))]


def count_rows(connection: Connection, part: Part) -> int:
    """How many rows a table has."""
    return connection.scalar(select(func.count()).select_from(part.table)) or 0


def write_key(key: Key) -> str:
    """A key as text, for the record of how far the move came."""
    return json.dumps(key)


def read_key(text: str | None) -> Key | None:
    """A key as `write_key` wrote it."""
    return None if text is None else tuple(json.loads(text))


def _neutral(columns: Sequence[Column[Any]]) -> list[ColumnElement[Any]]:
    """JSON goes over as the text it is: parsed and written again, `null` and nothing would become one."""
    return [cast(column, Text) if isinstance(column.type, JSON) else column for column in columns]


def _in_order(
    connection: Connection, part: Part, query: Select[Any], after: Key | None, limit: int
) -> Select[Any]:
    order = [_sorted_alike(connection, column) for column in part.keys]
    if after is not None:
        bounds = [literal(value, column.type) for value, column in zip(after, part.keys, strict=True)]
        later = order[0] > bounds[0] if len(order) == 1 else tuple_(*order) > tuple_(*bounds)
        query = query.where(later)
    return query.order_by(*order).limit(limit)


def _sorted_alike(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    """PostgreSQL sorts text by the rules of a language, SQLite by its bytes."""
    in_words = isinstance(column.type, String) and connection.dialect.name == "postgresql"
    return collate(column, "C") if in_words else column
