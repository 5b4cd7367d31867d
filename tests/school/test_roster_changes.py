"""What happens to the stored roster when the next package differs."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.model.errors import BadInput
from bot.school.roster.loading import RosterReport, load_roster
from bot.storage.people import (
    Contact,
    Enrollment,
    Guardian,
    Guardianship,
    RosterImport,
    StaffMember,
    Student,
    list_guardianships,
    list_teachers,
)
from bot.storage.session import Database
from tests.school.small_roster import NOW, SmallRoster

DELTA = Path(__file__).parents[1] / "data" / "roster_delta"
DEMO = Path(__file__).parents[2] / "demo" / "roster"


@pytest.fixture
def roster(tmp_path: Path) -> SmallRoster:
    return SmallRoster(tmp_path / "roster")


def load(database: Database, folder: Path, *, force: bool = False) -> RosterReport:
    with database.write() as session:
        return load_roster(session, folder, NOW, force=force)


def rules(report: RosterReport) -> set[str]:
    return {problem.rule for problem in report.problems}


def test_a_broken_export_that_would_take_many_away_is_refused_and_nothing_is_written(
    database: Database, roster: SmallRoster
) -> None:
    load(database, roster.write())
    roster.drop("gua-2")
    roster.put("users", "stu-1", agentSourcedIds="gua-1", givenName="Matthew")
    with pytest.raises(BadInput, match="1 of 2 guardians, more than 10 %"):
        load(database, roster.write())
    with database.read() as session:
        assert session.scalars(select(Student.given_name)).one() == "Mateo"
        assert session.scalar(select(func.count()).select_from(RosterImport)) == 1


def test_the_refusal_leaves_a_session_usable_for_the_report(database: Database, roster: SmallRoster) -> None:
    load(database, roster.write())
    roster.drop("gua-2")
    with database.write() as session:
        with pytest.raises(BadInput):
            load_roster(session, roster.write(), NOW)
        assert session.scalar(select(func.count()).select_from(Guardian).where(Guardian.active)) == 2


def test_who_vanished_is_deactivated_by_force_and_comes_back_with_the_next_package(
    database: Database, roster: SmallRoster
) -> None:
    load(database, roster.write())
    gone = SmallRoster(roster.folder.parent / "gone")
    gone.drop("gua-2")
    gone.put("users", "stu-1", agentSourcedIds="gua-1")
    report = load(database, gone.write(), force=True)
    assert (report.counts["guardians"].left, report.counts["links"].left, report.counts["contacts"].left) == (
        1,
        1,
        1,
    )
    with database.read() as session:
        luis = session.scalars(select(Guardian).where(Guardian.source_id == "gua-2")).one()
        assert not luis.active
        assert list_guardianships(session, luis.id) == []
        assert session.scalar(select(func.count()).select_from(Guardianship)) == 2
        assert [c.active for c in session.scalars(select(Contact).order_by(Contact.address))] == [True, False]
    load(database, roster.write())
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Contact).where(Contact.active)) == 2
        luis = session.scalars(select(Guardian).where(Guardian.source_id == "gua-2")).one()
        assert len(list_guardianships(session, luis.id)) == 1


def test_a_student_who_left_is_deactivated(database: Database, roster: SmallRoster) -> None:
    load(database, roster.write())
    roster.drop("stu-1")
    report = load(database, roster.write(), force=True)
    assert report.counts["students"].left == 1
    with database.read() as session:
        ana = session.scalars(select(Guardian).where(Guardian.source_id == "gua-1")).one()
        assert ana.active and list_guardianships(session, ana.id) == []


def test_a_row_that_marks_itself_deleted_leaves_like_one_that_is_missing(
    database: Database, roster: SmallRoster
) -> None:
    load(database, roster.write())
    roster.put("users", "gua-2", status="inactive")
    report = load(database, roster.write(), force=True)
    assert report.counts["guardians"].left == 1
    assert {"deletion-word", "reference-guardian"} <= rules(report)


def test_a_person_whose_row_cannot_be_read_is_not_taken_for_gone(
    database: Database, roster: SmallRoster
) -> None:
    load(database, roster.write())
    folder = roster.write()
    users = folder / "users.csv"
    users.write_text(
        users.read_text(encoding="utf-8").replace("Ana,Ruiz", "Ana,Ruiz, Perez"), encoding="utf-8"
    )
    report = load(database, folder)
    assert "row-width" in rules(report)
    with database.read() as session:
        ana = session.scalars(select(Guardian).where(Guardian.source_id == "gua-1")).one()
        assert ana.active and len(list_guardianships(session, ana.id)) == 1


def test_a_person_without_any_name_or_role_is_not_taken_for_gone(
    database: Database, roster: SmallRoster
) -> None:
    load(database, roster.write())
    roster.put("users", "gua-1", givenName="", familyName="")
    roster.drop("role-gua-2")
    report = load(database, roster.write(), force=True)
    assert {"value-required", "role-missing"} <= rules(report)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Guardian).where(Guardian.active)) == 2


def test_a_changed_class_moves_the_student_to_the_new_teacher(
    database: Database, roster: SmallRoster
) -> None:
    load(database, roster.write())
    roster.drop("enr-cls-stu-1")
    roster.person("tch-2", "teacher", givenName="Jun", familyName="Wang")
    roster.put("classes", "cls-b", title="Homeroom B", schoolSourcedId="sch")
    roster.enroll("tch-2", "teacher", "cls-b")
    roster.enroll("stu-1", "student", "cls-b")
    report = load(database, roster.write())
    assert report.counts["enrollments"].left == 1
    with database.read() as session:
        student = session.scalars(select(Student)).one()
        assert [staff.given_name for staff, _, _ in list_teachers(session, student.id)] == ["Jun"]
        assert session.scalar(select(func.count()).select_from(Enrollment)) == 4


def test_an_ended_enrollment_or_role_does_not_count(database: Database, roster: SmallRoster) -> None:
    roster.put("enrollments", "enr-cls-tch", endDate="2026-10-01")
    roster.person("old", "teacher", givenName="Pat", familyName="Old")
    roster.put("roles", "role-old", endDate="2026-06-30")
    load(database, roster.write())
    with database.read() as session:
        assert session.scalars(select(StaffMember.source_id)).all() == ["tch"]
        student = session.scalars(select(Student)).one()
        assert list_teachers(session, student.id) == []


def test_a_new_number_replaces_the_old_one(database: Database, roster: SmallRoster) -> None:
    load(database, roster.write())
    roster.put("users", "gua-1", sms="510-555-0177")
    load(database, roster.write())
    with database.read() as session:
        query = select(Contact.address, Contact.active).join(Guardian).where(Guardian.source_id == "gua-1")
        assert sorted(tuple(row) for row in session.execute(query)) == [
            ("+15105550101", False),
            ("+15105550177", True),
        ]


def test_a_guardians_zone_comes_from_the_roster_and_stays_when_it_is_silent(
    database: Database, roster: SmallRoster
) -> None:
    roster.put("users", "gua-1", **{"metadata.timeZone": "America/Chicago"})
    roster.put("users", "gua-2", **{"metadata.timeZone": "Central"})
    assert "zone" in rules(load(database, roster.write()))
    roster.put("users", "gua-1", **{"metadata.timeZone": ""})
    load(database, roster.write())
    with database.read() as session:
        zones = {row.source_id: row.time_zone for row in session.scalars(select(Guardian))}
    assert zones == {"gua-1": "America/Chicago", "gua-2": None}


def test_what_the_office_knows_better_survives_a_silent_roster(
    database: Database, roster: SmallRoster
) -> None:
    load(database, roster.write())
    with database.write() as session:
        session.scalars(select(StaffMember)).one().phone = "+15105550190"
        link = session.scalars(select(Guardianship).join(Guardian).where(Guardian.source_id == "gua-2")).one()
        link.no_contact = True
        session.scalars(select(Guardian).where(Guardian.source_id == "gua-1")).one().interpreter_needed = True
    load(database, roster.write("companion/contacts"))
    with database.read() as session:
        assert session.scalars(select(StaffMember.phone)).one() == "+15105550190"
        links = {link.guardian.source_id: link for link in session.scalars(select(Guardianship))}
        assert links["gua-2"].no_contact and links["gua-1"].guardian.interpreter_needed
        contacts = {
            contact.guardian.source_id: contact.active for contact in session.scalars(select(Contact))
        }
        assert contacts == {"gua-1": True, "gua-2": False}


def test_a_delta_changes_only_what_it_names(database: Database) -> None:
    load(database, DEMO)
    report = load(database, DELTA)
    assert report.counts["guardians"].left == 1  # grd-00040-3 is to be deleted
    assert report.counts["enrollments"].left == 4
    assert report.counts["students"].left == report.counts["staff"].left == report.counts["links"].left == 0
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Student).where(Student.active)) == 60
        gone = session.scalars(select(Guardian.source_id).where(Guardian.active.is_(False))).all()
        assert gone == ["grd-00040-3"]


def test_a_delta_keeps_what_people_were_and_names_a_withdrawn_role(
    database: Database, roster: SmallRoster
) -> None:
    load(database, roster.write())
    changes = SmallRoster(roster.folder.parent / "delta")
    changes.modes = dict.fromkeys(("users", "roles", "enrollments", "classes", "orgs"), "delta")
    changes.drop("tch", "gua-2", "stu-1")
    changes.put("users", "gua-1", status="active", givenName="Ana María")
    changes.put("roles", "role-gua-1", status="tobedeleted")
    report = load(database, changes.write())
    assert "role-left" in rules(report)
    with database.read() as session:
        ana = session.scalars(select(Guardian).where(Guardian.source_id == "gua-1")).one()
        assert ana.active and ana.given_name == "Ana María" and len(list_guardianships(session, ana.id)) == 1


def test_a_folder_without_users_is_no_roster(database: Database, roster: SmallRoster) -> None:
    with pytest.raises(BadInput, match="users.csv"):
        load(database, roster.write("users"))
