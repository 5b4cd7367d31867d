"""Cells and files as spreadsheets leave them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from bot.school.tabular import cells
from bot.school.tabular.languages import find_tag
from bot.school.tabular.markup import strip_markup
from bot.school.tabular.phones import read_phone
from bot.school.tabular.problems import Findings, Tally
from bot.school.tabular.reader import Row, read_sheet
from bot.school.tabular.table import Column, Records, Table, read_table


@dataclass(frozen=True)
class Thing:
    line: int
    source_id: str
    name: str


THINGS = Table(
    "things.csv",
    Thing,
    {
        "source_id": Column("sourcedId", cells.identifier, required=True),
        "name": Column("name", cells.text, required=True),
    },
)


def read(reading: cells.Reading, value: str) -> tuple[Any, list[str]]:
    findings = Findings()
    cell = cells.Cell(Row("f.csv", 2, {"c": value}), "c", findings)
    return reading(cell), [problem.rule for problem in findings.problems]


@pytest.mark.parametrize(
    ("value", "zone", "rules"),
    [
        ("America/Chicago", "America/Chicago", []),
        ("", None, []),
        ("Central", None, ["zone"]),
        ("../etc", None, ["zone"]),
    ],
)
def test_a_time_zone_has_a_name(value: str, zone: str | None, rules: list[str]) -> None:
    assert read(cells.zone, value) == (zone, rules)


def things(tmp_path: Path, content: bytes) -> tuple[Records[Thing], list[tuple[str, int | None]]]:
    (tmp_path / "things.csv").write_bytes(content)
    findings = Findings()
    records = read_table(THINGS, tmp_path, findings)
    return records, [(problem.rule, problem.line) for problem in findings.problems]


@pytest.mark.parametrize(
    ("reading", "value", "meant", "rules"),
    [
        (cells.text, "", None, []),
        (cells.text, "@SUM(A1)", "@SUM(A1)", ["formula"]),
        (cells.text, "+1 510 555 0100", "+1 510 555 0100", []),
        (cells.identifier, "a/b@c_1.2-3", "a/b@c_1.2-3", []),
        (cells.identifier, "two words", None, ["row-key"]),
        (cells.flag, "", None, []),
        (cells.flag, "Yes", True, ["flag-case"]),
        (cells.flag, "maybe", None, ["flag"]),
        (cells.forbidding, "", None, []),
        (cells.forbidding, "maybe", True, ["flag"]),
        (cells.forbidding, "false", False, []),
        (cells.day, "2026-02-28", date(2026, 2, 28), []),
        (cells.day, "2/28/2026", date(2026, 2, 28), ["date-order"]),
        (cells.day, "28.2.2026", None, ["date"]),
        (cells.clock, "", None, []),
        (cells.clock, "9:30", time(9, 30), []),
        (cells.clock, "18:00:00", time(18, 0), []),
        (cells.clock, "10:00Z", time(10, 0), ["time-zone"]),
        (cells.clock, "25:00", None, ["time"]),
        (cells.clock, "noon", None, ["time"]),
        (cells.number, "4.5", 4.5, []),
        (cells.number, "five", None, ["number"]),
        (cells.number, "nan", None, ["number"]),
        (cells.number, "-1e30", None, ["number"]),
        (cells.listed, "a,b,,a", ("a", "b"), []),
        (cells.listed, " a , b", ("a", "b"), ["list-blanks"]),
        (cells.grade, "7", "07", ["grade-zero"]),
        (cells.grade, "KG,01", "KG", []),
        (cells.grade, "", None, []),
        (cells.word("red", "green"), "Red", "red", ["vocabulary-case"]),
        (cells.word("red"), "blue", None, ["vocabulary"]),
        (cells.word("red"), "ext:blue", None, ["vocabulary"]),
        (cells.word("red", extensible=True), "ext:blue", "ext:blue", []),
        (cells.language, "", None, []),
        (cells.language, "Haitian Creole", "ht", ["language-name"]),
        (cells.language, "Klingon", None, ["language"]),
        (cells.phone, "415.555.0132", "+14155550132", ["phone-format"]),
    ],
)
def test_a_cell_says_what_it_means_and_what_was_odd(
    reading: cells.Reading, value: str, meant: object, rules: list[str]
) -> None:
    assert read(reading, value) == (meant, rules)


@pytest.mark.parametrize(
    ("text", "tag", "exact"),
    [
        ("es", "es", True), ("es-MX", "es", True), ("spa", "es", False), ("Spanish", "es", False), ("tl", "fil", True),
        ("zh", "zh-Hans", True), ("zh-CN", "zh-Hans", True), ("zh-TW", "zh-Hant", True), ("zh-Hant-TW", "zh-Hant", True),
        ("pt", "pt-BR", True), ("pt_BR", "pt-BR", True), ("Portuguese (Brazil)", "pt-BR", False), ("prs", "fa-AF", False),
        ("hmn", "hmn", True), ("K’iche’", "quc", False), ("cy", "cy", True), ("cy-GB", "cy", True), ("xxx", None, False),
        ("unknown", None, False), ("", None, False),
    ],
)  # fmt: skip
def test_languages_become_the_tags_homeline_uses(text: str, tag: str | None, exact: bool) -> None:
    assert find_tag(text) == (tag, exact)


@pytest.mark.parametrize(
    ("text", "number", "rule"),
    [
        ("", None, None),
        ("+15105550178", "+15105550178", None),
        ("1 (510) 555-0178", "+15105550178", "phone-format"),
        ("+52 55 1234 5678", "+525512345678", "phone-format"),
        ("510 555 0178 ext. 4", None, "phone-extension"),
        ("555-0178", None, "phone"),
        ("ask grandmother", None, "phone"),
        ("+15105550178 / +15105550179", "+15105550178", "phone-several"),
        ("12, +15105550179", None, "phone"),
    ],
)
def test_telephone_numbers_become_e164_or_are_refused(
    text: str, number: str | None, rule: str | None
) -> None:
    assert read_phone(text, "US") == (number, rule)


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("plain text", "plain text"),
        ("<p>One.</p><b>Call first</b>", "One.\nCall first"),
        ("Rent &amp; food<br/>for children &lt; 5", "Rent & food\nfor children < 5"),
        ("ages < 5 and > 3", "ages < 5 and > 3"),
        ("<style>p{}</style><script>alert(1)</script>Hello <a href='x'>there</a>", "Hello there"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("</script>still here", "still here"),
    ],
)
def test_markup_becomes_words(html: str, plain: str) -> None:
    assert strip_markup(html) == plain


def test_a_quoted_cell_may_run_over_lines_and_the_lines_still_count(tmp_path: Path) -> None:
    records, rules = things(tmp_path, b'sourcedId,name\n1,"a\nb"\n2,\n')
    assert [row.line for row in records.rows] == [2]
    assert rules == [("value-required", 4)]
    assert records.broken == {"2"}


def test_lf_header_case_unknown_and_double_columns_are_taken_with_a_remark(tmp_path: Path) -> None:
    records, rules = things(tmp_path, b"SOURCEDID,name,Name,shoe\n1,a,b,c\n")
    assert [(row.source_id, row.name) for row in records.rows] == [("1", "a")]
    assert rules == [("header-case", 1), ("header-twice", 1), ("column-unknown", 1)]


def test_windows_1252_is_read_with_a_warning_where_it_shows(tmp_path: Path) -> None:
    records, rules = things(tmp_path, "sourcedId,name\n1,Ana\n2,Peña\n".encode("cp1252"))
    assert [row.name for row in records.rows] == ["Ana", "Peña"]
    assert rules == [("encoding", 3)]


def test_names_are_stored_composed(tmp_path: Path) -> None:
    records, _ = things(tmp_path, "sourcedId,name\n1,Pen\u0303a\n".encode())
    assert records.rows[0].name == "Peña"


def test_a_file_that_breaks_off_gives_what_stood_before(tmp_path: Path) -> None:
    records, rules = things(tmp_path, b'sourcedId,name\n1,a\n2,"b')
    assert [row.source_id for row in records.rows] == ["1"]
    assert rules == [("file-torn", 3)]


def test_rows_with_too_many_cells_or_no_id_are_left_out(tmp_path: Path) -> None:
    records, rules = things(tmp_path, b"sourcedId,name\n1,a,b\n,c\n , \n3,d\n3,e\n")
    assert [(row.source_id, row.name) for row in records.rows] == [("3", "d")]
    assert rules == [("row-width", 2), ("row-blank", 4), ("row-key", 3), ("row-twice", 6)]
    assert records.broken == {"1"}


def test_a_file_without_a_needed_column_is_not_read(tmp_path: Path) -> None:
    records, rules = things(tmp_path, b"sourcedId\n1\n")
    assert (records.read, rules) == (False, [("header-missing", 1)])


def test_an_empty_file_is_not_read(tmp_path: Path) -> None:
    assert things(tmp_path, b"") == (Records(), [("file-empty", None)])
    assert read_sheet(tmp_path / "things.csv", (), Findings()) is None


def test_a_tally_reads_as_a_number_and_what_moved() -> None:
    assert str(Tally(new=2, same=3, left=1)) == "5 (2 new, 1 left)"
    assert str(Tally(same=3)) == "3"
