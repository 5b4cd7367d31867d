"""A table is data: which columns a file may have, and which of them become which field, read how.

A variant of a format (another vendor, another version) is another Table, not other code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from bot.school.tabular.cells import Cell, Reading
from bot.school.tabular.problems import Findings
from bot.school.tabular.reader import Row, Sheet, read_sheet

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field comes from. `otherwise` is its value when the cell is blank or unusable."""

    name: str
    read: Reading
    required: bool = False
    otherwise: Any = None


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """How one file becomes records of type T (whose fields are the keys of `fields`, and `line`)."""

    file: str
    record: Callable[..., T]
    fields: Mapping[str, Column]
    also: tuple[str, ...] = ()  # columns of the specification that are not used
    key: str = "source_id"  # the field that must be unique; "" when there is none

    @property
    def known(self) -> frozenset[str]:
        """All columns that may stand in the file without a remark."""
        return frozenset(column.name for column in self.fields.values()) | frozenset(self.also)


@dataclass(frozen=True, slots=True)
class Records(Generic[T]):
    """A file read. `read` is false when it was not there or not usable; `broken` ids were left out.

    `columns` are those of its header that are known. `whole` is false when it breaks off.
    """

    rows: tuple[T, ...] = ()
    broken: frozenset[str] = field(default=frozenset())
    read: bool = False
    columns: frozenset[str] = field(default=frozenset())
    whole: bool = True

    def lacks(self, column: str) -> bool:
        """Whether the file was read and has no such column: it says nothing, not even that there is nothing."""
        return self.read and column not in self.columns


def read_table(table: Table[T], folder: Path, findings: Findings, region: str = "US") -> Records[T]:
    """The records of the table's file in `folder`; an absent file gives no records and no remark."""
    path = folder / table.file
    sheet = read_sheet(path, table.known, findings) if path.is_file() else None
    if sheet is None or not _has_required(table, sheet, findings):
        return Records()
    broken = set(sheet.broken)
    records = tuple(_records(table, sheet, findings, region, broken))
    return Records(records, frozenset(broken) - {""}, True, sheet.columns, sheet.whole)


def _has_required(table: Table[T], sheet: Sheet, findings: Findings) -> bool:
    needed = [column.name for column in table.fields.values() if column.required]
    absent = [name for name in needed if name not in sheet.columns]
    for name in absent:
        findings.add("header-missing", table.file, 1, name)
    return not absent


def _records(table: Table[T], sheet: Sheet, findings: Findings, region: str, broken: set[str]) -> Iterator[T]:
    met: set[Any] = set()
    for row in sheet.rows:
        values = _values(table, row, findings, region)
        if values is None:
            broken.add(row.cells.get(_first_column(table), ""))
            continue
        key = values[table.key] if table.key else row.line
        if key in met:
            findings.add("row-twice", row.file, row.line, table.fields[table.key].name, str(key))
            continue
        met.add(key)
        yield table.record(line=row.line, **values)


def _first_column(table: Table[T]) -> str:
    """What a row that was left out is known by."""
    return table.fields[table.key or next(iter(table.fields))].name


def _values(table: Table[T], row: Row, findings: Findings, region: str) -> dict[str, Any] | None:
    values: dict[str, Any] = {}
    whole = True
    for name, column in table.fields.items():
        cell = Cell(row, column.name, findings, region)
        value = column.read(cell)
        if value is None and column.required:
            whole = False
            if not cell.value:
                cell.complain("row-key" if name == table.key else "value-required")
        values[name] = column.otherwise if value is None else value
    return values if whole else None
