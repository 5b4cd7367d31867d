"""Files that break off, lack a column or most of their rows: what they do not say is not taken for gone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.model.errors import BadInput
from bot.school.roster.loading import RosterReport, load_roster
from bot.storage.people import Contact, Enrollment, Guardian, Guardianship, StaffMember, Student
from bot.storage.session import Database
from tests.school.small_roster import NOW

DEMO = Path(__file__).parents[2] / "demo" / "roster"
TABLES = (Student, Guardian, Guardianship, StaffMember, Contact, Enrollment)
Change = Callable[[list[str]], list[str]]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def roster(database: Database, tmp_path: Path) -> Path:
    """A package as it was loaded, to be damaged and loaded again."""
    folder = tmp_path / "roster"
    shutil.copytree(DEMO, folder)
    load(database, folder)
    return folder


def load(database: Database, folder: Path, *, force: bool = False) -> RosterReport:
    with database.write() as session:
        return load_roster(session, folder, NOW, force=force)


def active(database: Database) -> list[int]:
    with database.read() as session:
        counted = [select(func.count()).select_from(table).where(table.active) for table in TABLES]
        grades = select(func.count()).select_from(Student).where(Student.grade.is_not(None))
        return [session.scalar(one) or 0 for one in (*counted, grades)]


def damage(folder: Path, name: str, change: Change) -> None:
    """Change the lines of a file, ends included."""
    file = folder / name
    file.write_text("".join(change(file.read_text("utf-8").splitlines(keepends=True))), "utf-8")


def stray_quote(lines: list[str]) -> list[str]:
    middle = len(lines) - 3
    return [*lines[:middle], '"' + lines[middle], *lines[middle + 1 :]]


def cut(lines: list[str]) -> list[str]:
    return [*lines[: len(lines) - 3], lines[len(lines) - 3][:12]]


def header_only(lines: list[str]) -> list[str]:
    return lines[:1]


def misspelt(column: str) -> Change:
    return lambda lines: [lines[0].replace(column, f"{column}_x"), *lines[1:]]


@pytest.mark.parametrize("tear", [stray_quote, cut])
@pytest.mark.parametrize("name", ["users", "roles", "classes", "enrollments", "companion/contacts"])
def test_what_stands_behind_the_place_where_a_file_breaks_off_is_not_gone(
    database: Database, roster: Path, name: str, tear: Change
) -> None:
    before = active(database)
    damage(roster, f"{name}.csv", tear)
    assert "file-torn" in {problem.rule for problem in load(database, roster).problems}
    assert active(database) == before


@pytest.mark.parametrize(
    ("name", "change", "why"),
    [
        ("enrollments", header_only, "enrollments"),
        ("classes", header_only, "enrollments"),
        (
            "users",
            lambda lines: [line for line in lines if "staff" not in line and "tch-" not in line],
            "staff",
        ),
    ],
)
def test_a_file_without_most_of_its_rows_is_refused_with_what_is_wrong_in_the_package(
    database: Database, roster: Path, name: str, change: Change, why: str
) -> None:
    before = active(database)
    damage(roster, f"{name}.csv", change)
    with pytest.raises(BadInput, match=why):
        load(database, roster)
    assert active(database) == before


@pytest.mark.parametrize("column", ["sms", "grades", "email"])
def test_what_a_file_has_no_column_for_stays(database: Database, roster: Path, column: str) -> None:
    before = active(database)
    damage(roster, "users.csv", misspelt(column))
    assert "column-unknown" in {problem.rule for problem in load(database, roster).problems}
    assert active(database) == before


def test_a_new_link_is_barred_when_the_feed_breaks_off_before_it(database: Database, tmp_path: Path) -> None:
    shutil.copytree(DEMO, tmp_path / "new")
    damage(tmp_path / "new", "companion/contacts.csv", lambda lines: [*lines[:40], '"'])
    load(database, tmp_path / "new")
    with database.read() as session:
        barred = select(func.count()).select_from(Guardianship).where(Guardianship.no_contact)
        assert (session.scalar(barred) or 0) > 20


def test_a_torn_file_cannot_be_forced(database: Database, roster: Path) -> None:
    damage(roster, "enrollments.csv", stray_quote)
    with pytest.raises(BadInput, match="breaks off"):
        load(database, roster, force=True)


def test_a_torn_manifest_is_refused(database: Database, roster: Path) -> None:
    damage(roster, "manifest.csv", stray_quote)
    with pytest.raises(BadInput, match=r"manifest\.csv breaks off.*\n.*line"):
        load(database, roster)


def test_a_refusal_names_what_is_wrong(database: Database, roster: Path) -> None:
    damage(roster, "users.csv", misspelt("agentSourcedIds"))
    with pytest.raises(BadInput) as refused:
        load(database, roster)
    assert "links" in (lines := str(refused.value).splitlines())[0]
    assert lines[1].startswith("users.csv, line 1, agentSourcedIds_x: the column is not known.")
    assert len(lines) < 10
