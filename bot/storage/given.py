"""Many values in one parameter: rows that a statement reads like a table, however many they are.

A list of a thousand values makes a statement of a thousand marks, which is put together, read and planned anew
each time; an `executemany` of a thousand rows is a thousand statements to PostgreSQL. One JSON document is one
parameter of one statement that stays the same, on both databases.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, bindparam, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TEXT, TypeEngine

from bot.storage.base import UtcDateTime


def given(parameter: str, **columns: type[TypeEngine[Any]] | TypeEngine[Any]) -> Subquery:
    """The rows of a parameter as a table of these columns. Its value is what `pack` makes of them."""
    rows = _Elements(bindparam(parameter, type_=TEXT)).table_valued("value")
    places = enumerate(columns.items())
    return select(*(_Item(rows.c.value, at, kind).label(name) for at, (name, kind) in places)).subquery()


def pack(rows: Iterable[Sequence[object]]) -> str:
    """Rows for a parameter: text, numbers, moments, lists (for columns of JSON) and None, in the order of the columns."""
    return json.dumps(list(rows), default=_moment, ensure_ascii=False)


def plan_anew(session: Session) -> None:
    """Have PostgreSQL plan this transaction's statements for the values at hand.

    A plan kept for any values took a thousand times as long for a join of the roster with the lines given:
    it compared each contact with each line.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")


def plan_as_usual(session: Session) -> None:
    """The end of `plan_anew`: PostgreSQL keeps plans again.

    Called before many rows are written: it plans also its own checks of foreign keys anew, one for each row and key,
    which made inserts take twice as long.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SET LOCAL plan_cache_mode TO DEFAULT")


@lru_cache(maxsize=64)
def _moment(value: object) -> str:
    """A moment in UTC as both databases read it. TypeError for what has no place in a row, ValueError without a zone."""
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} cannot stand in a row that is given")
    if value.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {value!r}")
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00"


class _Elements(FunctionElement[Any]):
    """The elements of a JSON array, a row each, in the column `value`."""

    name = "elements"
    inherit_cache = True


class _Item(FunctionElement[Any]):
    """One place of an element that is an array itself, as a value of a column's type."""

    name = "item"
    inherit_cache = True

    def __init__(self, element: Any, place: int, kind: type[TypeEngine[Any]] | TypeEngine[Any]) -> None:
        super().__init__(element, literal_column(str(place)))
        self.type = kind() if isinstance(kind, type) else kind


LINES = given("lines", channel=TEXT, address=TEXT)
"""The lines (channel, address) of the parameter `lines`, as a table to join."""


def on_lines(table: Any, lines: Subquery = LINES) -> ColumnElement[bool]:
    """Whether a row of a table that has channel and address is on one of the lines: for the join with them."""
    return and_(table.channel == lines.c.channel, table.address == lines.c.address)


@compiles(_Elements, "sqlite")
def _json_each(element: _Elements, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each{compiler.process(element.clause_expr, **kw)}"


@compiles(_Elements, "postgresql")
def _json_array_elements(element: _Elements, compiler: SQLCompiler, **kw: Any) -> str:
    # As JSON each column would read the element from its beginning: a row of 12 columns took three times as long.
    return f"jsonb_array_elements(CAST({compiler.process(element.clauses, **kw)} AS JSONB))"


@compiles(_Item, "sqlite")
def _json_extract(element: _Item, compiler: SQLCompiler, **kw: Any) -> str:
    row, place = (compiler.process(part, **kw) for part in element.clauses)
    item = f"json_extract({row}, '$[{place}]')"
    # SQLite keeps a moment as its text in UTC, without the mark of the zone.
    return f"substr({item}, 1, 26)" if isinstance(element.type, UtcDateTime) else item


@compiles(_Item, "postgresql")
def _json_place(element: _Item, compiler: SQLCompiler, **kw: Any) -> str:
    row, place = (compiler.process(part, **kw) for part in element.clauses)
    kind = compiler.dialect.type_compiler_instance.process(element.type)
    return f"CAST({row} ->> {place} AS {kind})"
