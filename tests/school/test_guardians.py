"""Who may be texting, and whom they may speak about."""

from __future__ import annotations

from datetime import date

import pytest

from bot.model.errors import NotFound
from bot.school.family import facts_for, family_of
from bot.school.guardians import child_of, children_of, is_of_age, speaker, teachers_of
from bot.storage.people import Contact
from bot.storage.session import Database
from tests import cast
from tests.conftest import FixedClock

TODAY = date(2026, 11, 16)


def test_a_line_with_one_guardian_has_a_speaker(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        cast.populate(session)
        line = cast.converse(session, cast.ANGEL, clock.now())
        found = speaker(session, line)
    assert found is not None
    assert found.given_name == "Ángel"


def test_on_a_shared_line_nobody_is_assumed_until_somebody_says_who_writes(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        people = cast.populate(session)
        line = cast.converse(session, cast.SHARED, clock.now())
        assert speaker(session, line) is None
        liam = session.query(Contact).filter_by(guardian_id=people.guardians["grd-00008-2"].id).one()
        line.contact_id = liam.id
        found = speaker(session, line)
        assert found is not None
        assert found.given_name == "Liam"


def test_a_contact_of_another_line_is_never_taken_for_the_speaker(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        people = cast.populate(session)
        line = cast.converse(session, cast.SHARED, clock.now())
        other = session.query(Contact).filter_by(guardian_id=people.guardians["grd-00006-1"].id).one()
        line.contact_id = other.id
        assert speaker(session, line) is None


def test_a_child_with_a_no_contact_mark_is_no_child_of_that_guardian(database: Database) -> None:
    with database.write() as session:
        people = cast.populate(session)
        barred = people.guardians["grd-00006-2"]
        assert list(children_of(session, barred, TODAY)) == []
        with pytest.raises(NotFound):
            child_of(session, barred, people.students["stu-000008"].id, TODAY)


def test_who_may_not_receive_records_may_raise_a_concern_but_gets_no_conference(database: Database) -> None:
    with database.write() as session:
        people = cast.populate(session)
        olivia = people.guardians["grd-00005-2"]
        assert [c.given_name for c in children_of(session, olivia, TODAY)] == ["Ava", "Jayden"]
        assert list(children_of(session, olivia, TODAY, records=True)) == []


def test_the_records_of_a_student_of_age_are_the_students_own(database: Database) -> None:
    with database.write() as session:
        people = cast.populate(session)
        parent = people.guardians["grd-00013-1"]
        assert len(children_of(session, parent, TODAY)) == 1
        assert list(children_of(session, parent, TODAY, records=True)) == []


@pytest.mark.parametrize(("today", "adult"), [(date(2026, 3, 14), False), (date(2026, 3, 15), True)])
def test_a_student_is_of_age_on_the_eighteenth_birthday(today: date, adult: bool) -> None:
    assert is_of_age(date(2008, 3, 15), today) is adult


def test_a_student_without_a_birthday_on_file_is_not_taken_for_an_adult() -> None:
    assert not is_of_age(None, TODAY)


def test_another_familys_child_is_not_found(database: Database) -> None:
    with database.write() as session:
        people = cast.populate(session)
        with pytest.raises(NotFound):
            child_of(session, people.guardians["grd-00002-1"], people.students["stu-000008"].id, TODAY)


def test_a_family_may_meet_the_childs_teachers_and_the_schools_counselor(database: Database) -> None:
    with database.write() as session:
        people = cast.populate(session)
        labels = [teacher.label for teacher in teachers_of(session, people.students["stu-000008"])]
    assert labels == ["Emma Washington (Math 07)", "Ava Brooks (Science 07)", "Sam Rivera"]


def test_the_facts_of_an_unknown_number_say_that_nothing_is_known(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        cast.populate(session)
        facts = facts_for(session, cast.converse(session, cast.STRANGER, clock.now()), clock.now())
    assert facts["contact_known"] is False
    assert facts["speaker_known"] is False
    assert facts["children_count"] == 0
    assert facts["reminded_appointment"] is None


def test_the_facts_of_a_shared_phone_count_its_guardians_and_no_children(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        cast.populate(session)
        line = cast.converse(session, cast.SHARED, clock.now())
        facts = facts_for(session, line, clock.now(), mode="development")
        assert len(family_of(session, line, clock.now()).ids) == 3
    assert facts["shared_line"] is True
    assert facts["guardians_count"] == 3
    assert facts["children_count"] == 0
    assert facts["mode"] == "development"


def test_the_facts_hold_no_name(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        cast.populate(session)
        facts = facts_for(session, cast.converse(session, cast.ANGEL, clock.now()), clock.now())
    assert "Sofía" not in str(facts)
    assert "Quiñones" not in str(facts)
