"""Rows for any table, made from its columns alone: for tests about all tables, also those of tomorrow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Time,
    TypeDecorator,
    insert,
    text,
)

MOMENT = datetime(2026, 11, 16, 17, 0, 0, 123456, tzinfo=UTC)
WORDS = "¿Cómo está? 你好 مرحبا 👋 \\ \t {number}\n'\""


def fill(connection: Connection, tables: Sequence[Table], rows: int) -> None:
    """So many rows in each table, keys 1 to `rows`. A column that refers to a table refers to some row of it,
    also to later ones; every second row leaves empty what may be empty."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    for table in tables:
        connection.execute(insert(table), [row(table, number, rows) for number in range(1, rows + 1)])


def row(table: Table, number: int, rows: int) -> dict[str, Any]:
    """The values of one row."""
    wanted = [c for c in table.columns if c.computed is None]
    return {column.name: _value(column, number, rows) for column in wanted}


def _value(column: Column[Any], number: int, rows: int) -> Any:
    for key in column.foreign_keys:
        other = rows + 1 - number
        return None if column.nullable and number % 2 == 0 else _value(key.column, other, rows)
    if column.nullable and number % 2 == 0:
        return None
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    for wanted, make in _BY_TYPE.items():
        if isinstance(kind, wanted):
            return make(number)
    return f"{column.name} {WORDS.format(number=number)}"


_BY_TYPE: dict[Any, Any] = {
    Boolean: lambda number: number % 3 == 0,
    Integer: lambda number: number,
    Float: lambda number: number / 3,
    Numeric: Decimal,
    DateTime: lambda number: MOMENT + timedelta(minutes=number, microseconds=number),
    Date: lambda number: date(2026, 1, 1) + timedelta(days=number),
    Time: lambda number: time(number % 24, 30, 15),
    JSON: lambda number: {"number": number, "words": WORDS, "nothing": None, "list": [1.5, True]},
    LargeBinary: lambda number: bytes(range(256)) + str(number).encode(),
}
