"""A real export's faults: each is reported with its line, and everybody else goes in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.school.roster.loading import load_roster
from bot.storage.people import Contact, Enrollment, Guardian, Guardianship, Org, Student
from bot.storage.session import Database
from tests.school.small_roster import NOW

DIRTY = Path(__file__).parents[1] / "data" / "roster_dirty"
FAULTS = json.loads((DIRTY / "companion" / "expected.json").read_text(encoding="utf-8"))["faults"]
RULES = {
    "national phone format: normalise to E.164": "phone-format",
    "phone with extension: cannot take SMS": "phone-extension",
    "phone one digit short: reject the number, keep the person": "phone",
    "literal NULL: treat as blank": "null-literal",
    "two numbers in one cell": "phone-several",
    "language name instead of BCP-47 tag": "language-name",
    "ISO 639-2 code instead of BCP-47 tag": "language-name",
    "boolean in capitals: accept, warn": "flag-case",
    "dangling guardian reference": "reference-guardian",
    "blanks around list items: trim": "list-blanks",
    "grade lost its leading zero (spreadsheet)": "grade-zero",
    "spreadsheet formula in a name: store as text, escape on export": "formula",
    "US date instead of ISO 8601": "date-order",
    "dangling class reference": "reference-class",
    "enumeration in the wrong case": "vocabulary-case",
    "organisation is its own parent": "parent-self",
    "duplicate sourcedId": "row-twice",
    "blank line: skip": "row-blank",
    "header in the wrong case": "header-case",
    "UTF-8 byte order mark": "byte-order-mark",
    "listed bulk in the manifest but not supplied": "file-missing",
    "file is Windows-1252, not UTF-8 (a title holds the letter ñ)": "encoding",
}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def loaded(database: Database) -> tuple[Database, Any]:
    with database.write() as session:
        return database, load_roster(session, DIRTY, NOW)


def test_all_22_faults_are_reported_with_file_line_column_value_and_remedy(
    loaded: tuple[Database, Any],
) -> None:
    problems = loaded[1].problems
    assert len(FAULTS) == 22
    for fault in FAULTS:
        found = [one for one in problems if one.rule == RULES[fault["fault"]] and one.file == fault["file"]]
        if "line" in fault:
            found = [one for one in found if one.line == fault["line"]]
        if "column" in fault:
            found = [one for one in found if one.column == fault["column"]]
        assert len(found) == 1, fault
        assert found[0].what and found[0].remedy
        assert found[0].value.strip(" ") in fault.get("now", found[0].value)


def test_nothing_is_reported_that_is_not_a_fault(loaded: tuple[Database, Any]) -> None:
    usual = {"student-alone", "guardian-unreachable", "no-contact-differs", "language-differs"}
    assert {one.rule for one in loaded[1].problems} - usual == set(RULES.values())


def test_everybody_else_goes_in(loaded: tuple[Database, Any]) -> None:
    with loaded[0].read() as session:
        counts = {
            table: session.scalar(select(func.count()).select_from(table))
            for table in (Student, Guardian, Guardianship, Enrollment, Contact)
        }
        assert counts == {Student: 60, Guardian: 68, Guardianship: 91, Enrollment: 195, Contact: 55}


def test_what_can_be_understood_is_stored_as_it_is_meant(loaded: tuple[Database, Any]) -> None:
    with loaded[0].read() as session:
        rows = session.execute(select(Guardian.source_id, Contact.address).join(Contact.guardian))
        numbers = {source_id: address for source_id, address in rows}
        assert numbers["grd-00001-1"] == "+19165550129"
        assert numbers["grd-00003-2"] == "+14155550149"
        assert not {"grd-00002-1", "grd-00002-2", "grd-00003-1"} & numbers.keys()
        students = {row.source_id: row for row in session.scalars(select(Student))}
        assert students["stu-000001"].grade == "07"
        assert students["stu-000016"].given_name == '=HYPERLINK("http://example.com")'
        orgs = {row.source_id: row for row in session.scalars(select(Org))}
        assert orgs["sch-3"].parent_id is None and orgs["sch-2"].parent_id == orgs["dist-1"].id
        assert (
            session.scalars(select(Guardian.language).where(Guardian.source_id == "grd-00005-1")).one()
            == "en"
        )


def test_a_problem_reads_as_a_sentence_for_the_office(loaded: tuple[Database, Any]) -> None:
    problem = next(one for one in loaded[1].problems if one.rule == "phone-extension")
    assert str(problem) == (
        "users.csv, line 28, sms: a number with an extension cannot take texts “5105550178 x12”. "
        "Enter a mobile number. The person was kept."
    )
