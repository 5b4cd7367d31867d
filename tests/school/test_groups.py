"""Groups of students: made from a file, whose faults are told by line; gone ones leave what was sent readable."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.model.errors import BadInput, NotFound, Taken
from bot.school.broadcasts.audience import Audience, Names, check_reach, describe, read_audience
from bot.school.broadcasts.households import Scope, find_households
from bot.school.groups import Kept, add_group, named_group, remove_group, replace_members
from bot.storage.groups import list_groups, members_of
from bot.storage.people import StaffMember, Student
from bot.storage.session import Database
from bot.storage.staff import AuditEvent
from tests import cast
from tests.conftest import MONDAY_MORNING

SOFIA, IFRAH, AVA = "stu-000008", "stu-000038", "stu-000006"


@pytest.fixture
def town(database: Database) -> Database:
    """The cast, on each kind of database."""
    with database.write() as session:
        cast.populate(session)
    return database


def listed(folder: Path, *lines: str, header: str = "studentSourcedId") -> Path:
    file = folder / "band.csv"
    file.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return file


def make(town: Database, file: Path, name: str = "Band", leader: str | None = None) -> Kept:
    with town.write() as session:
        staff = select(StaffMember).where(StaffMember.source_id == leader)
        return add_group(session, name, file, session.scalar(staff), actor="operator", now=MONDAY_MORNING)


def people(town: Database, name: str) -> list[str]:
    with town.read() as session:
        return [student.source_id for student in members_of(session, named_group(session, name).id)]


def addresses(town: Database, **names: list[str]) -> set[str]:
    with town.read() as session:
        scope = Scope(read_audience(session, Names(**names)), False, False, MONDAY_MORNING.date())
        return {one.address for one in find_households(session, scope) if one.reason is None}


def test_a_group_is_the_students_of_a_file(town: Database, tmp_path: Path) -> None:
    kept = make(town, listed(tmp_path, SOFIA, AVA), "  Jazz  Band ")
    assert (kept.members, kept.problems, kept.group.name) == (2, (), "Jazz Band")
    assert set(people(town, "jazz BAND")) == {SOFIA, AVA}


def test_every_bad_line_is_told_with_its_number_and_the_others_count(town: Database, tmp_path: Path) -> None:
    kept = make(town, listed(tmp_path, SOFIA, "stu-nobody", "", "a b", SOFIA, AVA))
    assert kept.members == 2
    assert [(problem.line, problem.rule) for problem in kept.problems] == [
        (3, "reference-student"), (4, "row-blank"), (5, "row-key"), (6, "row-twice"),
    ]  # fmt: skip
    assert str(kept.problems[0]).startswith("band.csv, line 3, studentSourcedId: there is no such student")


@pytest.mark.parametrize(
    ("lines", "header", "told"),
    [
        (["stu-nobody"], "studentSourcedId", "line 2, studentSourcedId: there is no such student"),
        ([SOFIA], "student", "It needs the column studentSourcedId"),
        ([], "studentSourcedId", "names no student"),
    ],
)
def test_a_file_that_names_nobody_makes_no_group(
    town: Database, tmp_path: Path, lines: list[str], header: str, told: str
) -> None:
    with pytest.raises(BadInput, match=told):
        make(town, listed(tmp_path, *lines, header=header))
    with town.read() as session:
        assert list_groups(session) == []


def test_a_student_who_left_is_in_no_group(town: Database, tmp_path: Path) -> None:
    make(town, listed(tmp_path, SOFIA, AVA))
    with town.write() as session:
        session.execute(update(Student).where(Student.source_id == AVA).values(active=False))
    assert people(town, "Band") == [SOFIA]
    with town.read() as session:
        assert [(group.name, members) for group, members in list_groups(session)] == [("Band", 1)]
    with pytest.raises(BadInput, match="no such student"):
        make(town, listed(tmp_path, AVA), "Bus 12")


def test_a_name_is_given_once(town: Database, tmp_path: Path) -> None:
    file = listed(tmp_path, SOFIA)
    make(town, file)
    with pytest.raises(Taken, match="already"):
        make(town, file, "BAND")
    with pytest.raises(BadInput, match="1 to 60"):
        make(town, file, " ")


def test_a_group_takes_the_members_of_a_new_file(town: Database, tmp_path: Path) -> None:
    make(town, listed(tmp_path, SOFIA, AVA))
    with town.write() as session:
        file = listed(tmp_path, IFRAH)
        replace_members(session, "band", file, actor="rosa", now=MONDAY_MORNING)
    assert people(town, "Band") == [IFRAH]


def test_a_file_that_breaks_off_replaces_nobody(town: Database, tmp_path: Path) -> None:
    make(town, listed(tmp_path, SOFIA, AVA))
    file = listed(tmp_path, IFRAH, f'"{SOFIA}')
    with town.write() as session, pytest.raises(BadInput, match=r"breaks off.*\n.*line 3"):
        replace_members(session, "band", file, actor="rosa", now=MONDAY_MORNING)
    assert set(people(town, "Band")) == {SOFIA, AVA}


def test_families_are_chosen_by_group_together_with_other_parts(town: Database, tmp_path: Path) -> None:
    make(town, listed(tmp_path, SOFIA, AVA))
    make(town, listed(tmp_path, IFRAH), "Bus 12")
    assert addresses(town, groups=["Band"]) == {cast.ANGEL, cast.EMMA, cast.OLIVIA}
    assert addresses(town, groups=["Band", "bus 12"]) == {cast.ANGEL, cast.EMMA, cast.OLIVIA, cast.HODAN}
    assert addresses(town, groups=["Band"], schools=["sch-2"]) == {cast.ANGEL}
    assert addresses(town, groups=["Band"], languages=["en"]) == {cast.EMMA, cast.OLIVIA}
    with town.read() as session, pytest.raises(NotFound, match="no group 'Choir'"):
        read_audience(session, Names(groups=["Choir"]))


def test_being_in_a_group_tells_something_of_a_child() -> None:
    assert Audience(groups=(1,)).about_children and Audience(groups=(1,)).names_children


def test_a_removed_group_reaches_nobody_and_is_still_called_by_its_name(
    town: Database, tmp_path: Path
) -> None:
    audience = Audience(groups=(make(town, listed(tmp_path, SOFIA)).group.id,))
    with town.write() as session:
        remove_group(session, "Band", actor="rosa", now=MONDAY_MORNING)
    with town.read() as session:
        assert describe(session, audience) == "Band"
        assert not find_households(session, Scope(audience, False, False, MONDAY_MORNING.date()))
        deeds = session.scalars(select(AuditEvent.deed).order_by(AuditEvent.id)).all()
        assert deeds == ["add_group", "remove_group"]
    assert make(town, listed(tmp_path, AVA)).members == 1


def test_a_teacher_writes_to_the_groups_she_leads(town: Database, tmp_path: Path) -> None:
    own = make(town, listed(tmp_path, SOFIA, AVA), leader="tch-2-002").group.id
    others = make(town, listed(tmp_path, IFRAH), "Bus 12").group.id
    with town.read() as session:
        author = session.scalars(select(StaffMember).where(StaffMember.source_id == "tch-2-002")).one()
        check_reach(session, author, Audience(groups=(own,)))
        for audience in (Audience(groups=(others,)), Audience(groups=(own, others))):
            with pytest.raises(BadInput, match="classes and groups only"):
                check_reach(session, author, audience)
