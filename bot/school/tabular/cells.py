"""What a cell says: text, ids, yes or no, dates, words of a vocabulary, lists, numbers.

Each reader takes a Cell and gives the value, or None when the cell is blank or unusable
(then it has complained). Readers are what the columns of a Table are mapped with.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from math import nan
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.school.tabular.languages import find_tag
from bot.school.tabular.phones import read_phone
from bot.school.tabular.problems import Findings
from bot.school.tabular.reader import Row

_ID = re.compile(r"[0-9A-Za-z._/@-]{1,255}")
_FLAGS = dict.fromkeys(("true", "1", "yes", "y"), True) | dict.fromkeys(("false", "0", "no", "n"), False)
_HUGE = 1_000_000_000
_FORMULA = re.compile(r"[=@]|[+-](?![\d ])")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell and its place. `region` is the country telephone numbers are read in."""

    row: Row
    column: str
    findings: Findings
    region: str = "US"

    @property
    def value(self) -> str:
        """The trimmed text, "" when blank or when the file has no such column."""
        return self.row.cells.get(self.column, "")

    def complain(self, rule: str) -> None:
        """Note that this cell breaks `rule`."""
        self.findings.add(rule, self.row.file, self.row.line, self.column, self.value)


Reading = Callable[[Cell], Any]


def text(cell: Cell) -> str | None:
    """Any text; a spreadsheet formula stays text, with a warning."""
    if _FORMULA.match(cell.value):
        cell.complain("formula")
    return cell.value or None


def identifier(cell: Cell) -> str | None:
    """A sourcedId: up to 255 letters, digits and . - _ / @"""
    if cell.value and not _ID.fullmatch(cell.value):
        cell.complain("row-key")
        return None
    return cell.value or None


def flag(cell: Cell) -> bool | None:
    """true or false, in any of the spellings spreadsheets make of them."""
    if not cell.value:
        return None
    known = _FLAGS.get(cell.value.casefold())
    if known is None:
        cell.complain("flag")
    elif cell.value not in {"true", "false"}:
        cell.complain("flag-case")
    return known


def forbidding(cell: Cell) -> bool | None:
    """A flag that forbids: what cannot be read counts as true, for a prohibition must never be lost."""
    known = flag(cell)
    return True if known is None and cell.value else known


def day(cell: Cell) -> date | None:
    """YYYY-MM-DD; also the US order month/day/year, with a warning."""
    if not cell.value:
        return None
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"):
        try:
            found = datetime.strptime(cell.value, form).date()
        except ValueError:
            continue
        if form != "%Y-%m-%d":
            cell.complain("date-order")
        return found
    cell.complain("date")
    return None


def clock(cell: Cell) -> time | None:
    """HH:MM or HH:MM:SS, local; a zone behind it is dropped, with a warning (HSDS zones are weak)."""
    match = re.fullmatch(r"(\d{1,2}:\d{2})(:\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?", cell.value)
    if not cell.value:
        return None
    try:
        found = time.fromisoformat((match[1] if match else cell.value).zfill(5))
    except ValueError:
        cell.complain("time")
        return None
    if match and match[3]:
        cell.complain("time-zone")
    return found


def number(cell: Cell) -> float | None:
    """A decimal number, of a size that every column takes."""
    try:
        found = float(cell.value) if cell.value else None
    except ValueError:
        found = nan
    if found is None or abs(found) < _HUGE:
        return found
    cell.complain("number")
    return None


def listed(cell: Cell) -> tuple[str, ...]:
    """The items of a comma list."""
    items = cell.value.split(",") if cell.value else []
    if any(item != item.strip() for item in items):
        cell.complain("list-blanks")
    return tuple(dict.fromkeys(item.strip() for item in items if item.strip()))


def grade(cell: Cell) -> str | None:
    """The first grade of the list, as text: spreadsheets eat the zero of 07."""
    first = next(iter(listed(cell)), None)
    if first and re.fullmatch(r"\d", first):
        cell.complain("grade-zero")
        return f"0{first}"
    return first


def word(*vocabulary: str, extensible: bool = False) -> Reading:
    """One word of a vocabulary; `ext:…` too where the vocabulary is open."""
    spelled = {item.casefold(): item for item in vocabulary}

    def read(cell: Cell) -> str | None:
        if not cell.value or (extensible and cell.value.startswith("ext:")):
            return cell.value or None
        found = spelled.get(cell.value.casefold())
        if found is None:
            cell.complain("vocabulary")
        elif found != cell.value:
            cell.complain("vocabulary-case")
        return found

    return read


def phone(cell: Cell) -> str | None:
    """A telephone number in E.164 that can be texted."""
    found, rule = read_phone(cell.value, cell.region)
    if rule:
        cell.complain(rule)
    return found


def language(cell: Cell) -> str | None:
    """A language tag as Homeline writes it."""
    if not cell.value:
        return None
    found, exact = find_tag(cell.value)
    if found is None:
        cell.complain("language")
    elif not exact:
        cell.complain("language-name")
    return found


def zone(cell: Cell) -> str | None:
    """The IANA name of a time zone."""
    try:
        return ZoneInfo(cell.value).key if cell.value else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        cell.complain("zone")
        return None
