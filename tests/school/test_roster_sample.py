"""The sample district goes in whole, and a second time changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.school.roster.loading import load_roster
from bot.storage.consents import ConsentEvent
from bot.storage.people import (
    Contact,
    Enrollment,
    Guardian,
    Guardianship,
    Org,
    RosterImport,
    SchoolClass,
    StaffMember,
    Student,
)
from bot.storage.session import Database
from tests.school.small_roster import NOW

ROSTER = Path(__file__).parents[2] / "demo" / "roster"
EXPECTED = json.loads((ROSTER / "companion" / "expected.json").read_text(encoding="utf-8"))
TAG_OF = {"tl": "fil"}  # the file writes tl, Homeline writes fil


def count(session: Session, table: type, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def guardian(session: Session, source_id: str) -> Guardian:
    return session.scalars(select(Guardian).where(Guardian.source_id == source_id)).one()


def numbers(session: Session, source_id: str) -> list[str]:
    query = (
        select(Contact.address).join(Contact.guardian).where(Guardian.source_id == source_id, Contact.active)
    )
    return list(session.scalars(query))


def test_every_row_of_the_sample_goes_in(database: Database) -> None:
    with database.write() as session:
        report = load_roster(session, ROSTER, NOW)
    assert report.errors == ()
    with database.read() as session:
        assert count(session, Org) == EXPECTED["rows"]["orgs"]
        assert count(session, Student) == EXPECTED["students"]
        assert count(session, Guardianship) == EXPECTED["guardianLinks"]
        assert count(session, SchoolClass) == EXPECTED["rows"]["classes"]
        assert count(session, Enrollment) == EXPECTED["rows"]["enrollments"]
        assert count(session, StaffMember) == 24
        assert count(session, Guardianship, Guardianship.no_contact) == EXPECTED["noContactPairs"]
        assert (
            count(session, Guardianship, Guardianship.may_receive_records.is_(False))
            == EXPECTED["recordsWithheldPairs"]
        )
        rows = session.execute(select(Guardian.language, func.count()).group_by(Guardian.language))
        by_language = {language: number for language, number in rows}
        assert by_language == {TAG_OF.get(tag, tag): n for tag, n in EXPECTED["guardiansByLanguage"].items()}
    alone = [problem for problem in report.problems if problem.rule == "student-alone"]
    assert len(alone) == EXPECTED["studentsWithoutGuardian"]


def test_the_special_families_are_what_the_sample_says(database: Database) -> None:
    with database.write() as session:
        load_roster(session, ROSTER, NOW)
    with database.read() as session:
        assert numbers(session, "grd-00006-2") == []  # must never be contacted
        assert session.scalars(
            select(Contact).join(Guardian).where(Guardian.source_id == "grd-00006-2")
        ).one()
        assert numbers(session, "grd-00009-1") == []  # e-mail only
        assert numbers(session, "grd-00010-1") == []  # landline: voice only
        shared = ["grd-00008-1", "grd-00008-2", "grd-00012-1"]
        assert {number for one in shared for number in numbers(session, one)} == {"+14155550132"}
        assert numbers(session, "grd-00017-1") == ["+15045550141"]  # whatsapp: a mobile number can be texted
        both = guardian(session, "tch-1-001")
        teacher = session.scalars(select(StaffMember).where(StaffMember.source_id == "tch-1-001")).one()
        assert (both.language, teacher.role, numbers(session, "tch-1-001")) == (
            "ht",
            "teacher",
            ["+19255550121"],
        )
        eldest = session.scalars(select(Student).where(Student.source_id == "stu-000021")).one()
        assert eldest.birth_date is not None and (NOW.date() - eldest.birth_date).days > 18 * 365
        withheld = session.scalars(
            select(Guardianship).join(Guardian).where(Guardian.source_id == "grd-00005-2")
        ).all()
        assert [link.may_receive_records for link in withheld] == [False, False]


def test_consent_is_written_once_per_contact_that_gave_or_took_it_back(database: Database) -> None:
    with database.write() as session:
        load_roster(session, ROSTER, NOW)
    with database.read() as session:
        events = session.scalars(select(ConsentEvent)).all()
        assert {event.source for event in events} == {"roster"}
        revoked = {event.address for event in events if event.verdict == "revoked"}
        assert revoked == {"+19165550182", "+16175550180", "+19255550171"}
        asked = guardian(session, "grd-00014-1")  # not asked: the ledger says nothing
        assert asked.interpreter_needed and numbers(session, "grd-00014-1") == ["+19165550186"]
        assert "+19165550186" not in {event.address for event in events}


def test_loading_the_same_package_again_changes_nothing(database: Database) -> None:
    with database.write() as session:
        first = load_roster(session, ROSTER, NOW)
    with database.write() as session:
        second = load_roster(session, ROSTER, NOW)
    for name, tally in second.counts.items():
        assert (tally.new, tally.changed, tally.left) == (0, 0, 0), name
        assert tally.same == first.counts[name].new
    assert second.problems == first.problems


def test_every_run_is_kept_with_its_counts_problems_and_the_files_hashes(database: Database) -> None:
    with database.write() as session:
        report = load_roster(session, ROSTER, NOW)
    with database.read() as session:
        kept = session.scalars(select(RosterImport)).one()
        assert (kept.started_at, kept.source) == (NOW, "roster")
        assert kept.counts["students"] == {"new": 60, "changed": 0, "same": 0, "left": 0}
        assert len(kept.counts["files"]["users.csv"]) == 64
        assert [problem["rule"] for problem in kept.problems] == [problem.rule for problem in report.problems]


@pytest.mark.parametrize("table", [Student, Guardian, Contact, ConsentEvent, RosterImport])
def test_a_dry_run_is_a_run_rolled_back(database: Database, table: type) -> None:
    with database.write() as session:
        report = load_roster(session, ROSTER, NOW)
        session.rollback()
    assert str(report.counts["students"]) == "60 (60 new)"
    with database.read() as session:
        assert count(session, table) == 0
