"""One CSV file → its rows, whatever the spreadsheet did to it. What was put right is reported."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.model.messages import storable
from bot.school.tabular.problems import Findings

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Row:
    """One record: where it stands and its cells by column name, trimmed and in NFC. Blank cells are ""."""

    file: str
    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file read: its known columns, its good rows, and the first cell of the rows that were left out.

    `whole` is false when the file breaks off: there may have been more rows.
    """

    columns: frozenset[str]
    rows: tuple[Row, ...]
    broken: frozenset[str]
    whole: bool


def read_sheet(path: Path, known: Collection[str], findings: Findings) -> Sheet | None:
    """The rows of `path`; None when it has no header. Columns outside `known` are reported and ignored."""
    text = _decode(path, findings)
    records = _records(text)
    line, header = next(records, (1, None))
    if isinstance(header, csv.Error):
        findings.add("file-torn", path.name, line, value=str(header))
        return None
    if not header:
        findings.add("file-empty", path.name)
        return None
    columns = _columns(header, known, path.name, findings)
    rows: list[Row] = []
    broken: set[str] = set()
    whole = True
    for line, record in records:
        if isinstance(record, csv.Error):
            findings.add("file-torn", path.name, line, value=str(record))
            whole = False
        elif not any(cell.strip() for cell in record):
            findings.add("row-blank", path.name, line)
        elif len(record) != len(header):
            findings.add("row-width", path.name, line, value=f"{len(record)} instead of {len(header)}")
            broken.add(record[0].strip())
            if len(record) < len(header) and _is_cut(text, line):
                findings.add("file-torn", path.name, line)
                whole = False
        else:
            rows.append(_row(path.name, line, record, columns, findings))
    return Sheet(frozenset(columns.values()), tuple(rows), frozenset(broken), whole)


def _decode(path: Path, findings: Findings) -> str:
    raw = path.read_bytes()
    if raw.startswith(_BOM):
        findings.add("byte-order-mark", path.name, 1)
        raw = raw[len(_BOM) :]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        findings.add("encoding", path.name, raw[: error.start].count(b"\n") + 1)
        return raw.decode("cp1252", errors="replace")


def _is_cut(text: str, line: int) -> bool:
    """Whether the line is the last one, and does not end."""
    return not text.endswith(("\n", "\r")) and line >= len(text.splitlines())


def _records(text: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Each record with the line it begins on (a quoted cell may run over several lines); an error ends them."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    while True:
        try:
            record = next(reader, None)
        except csv.Error as error:
            yield line, error
            return
        if record is None:
            return
        yield line, record
        line = reader.line_num + 1


def _columns(header: list[str], known: Collection[str], file: str, findings: Findings) -> dict[int, str]:
    """Position → name of the columns that are known, spelled as the specification spells them."""
    spelled = {name.casefold(): name for name in known}
    columns: dict[int, str] = {}
    for position, cell in enumerate(header):
        name = spelled.get(cell.strip().casefold())
        if name is None:
            findings.add("column-unknown", file, 1, cell.strip() or f"number {position + 1}")
        elif name in columns.values():
            findings.add("header-twice", file, 1, name)
        else:
            columns[position] = name
            if name != cell.strip():
                findings.add("header-case", file, 1, name, cell)
    return columns


def _row(file: str, line: int, record: list[str], columns: Mapping[int, str], findings: Findings) -> Row:
    cells: dict[str, str] = {}
    for position, name in columns.items():
        value = unicodedata.normalize("NFC", storable(record[position])).strip()
        if "\0" in record[position]:
            findings.add("control-sign", file, line, name, value)
        if value == "NULL":
            findings.add("null-literal", file, line, name, value)
            value = ""
        cells[name] = value
    return Row(file, line, cells)
