"""Who gets a broadcast: each line once a language, never about a child its readers must not be told of."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.school.broadcasts.audience import Audience, Names, read_audience
from bot.school.broadcasts.households import Household, Scope, find_households
from bot.school.consent import Will, start, stop
from bot.storage.people import Contact, Enrollment, Guardian, Guardianship, Student
from tests.broadcasts import District
from tests.cast import ANGEL, DANDRE, EMMA, GUADALUPE_R, HODAN, LOPEZ, OLIVIA, SHARED

TODAY = date(2026, 11, 16)
IFRAH = select(Student.id).where(Student.source_id == "stu-000038").scalar_subquery()


def found(district: District, *, tells: bool = False, change: Any = None, **names: Any) -> list[Household]:
    """The households of an audience, after a change to the roster."""
    with district.database.write() as session:
        if change is not None:
            session.execute(change)
        scope = Scope(read_audience(session, Names(**names)), tells, False, TODAY)
        return list(find_households(session, scope))


def reached(households: list[Household]) -> set[tuple[str, str]]:
    return {(one.address, one.language) for one in households if one.reason is None}


def left_out(households: list[Household]) -> dict[str, str]:
    return {one.address: one.reason for one in households if one.reason}


def test_the_whole_district_is_every_line_once_a_language(any_district: District) -> None:
    households = found(any_district)
    everybody = {(ANGEL, "es"), (HODAN, "so"), (DANDRE, "en"), (EMMA, "en"), (OLIVIA, "en"), (LOPEZ, "es"),
                 (SHARED, "en"), (SHARED, "es")}  # fmt: skip
    assert reached(households) == everybody
    assert left_out(households) == {GUADALUPE_R: "no_contact"}
    shared = {
        one.language: [child.name for child in one.children] for one in households if one.address == SHARED
    }
    assert shared == {"en": ["Mason"], "es": ["Lucía", "Ángel"]}


def test_where_each_child_has_a_text_of_its_own_nobody_is_forgotten(any_district: District) -> None:
    with any_district.database.read() as session:
        scope = Scope(read_audience(session, Names(schools=["sch-3"])), True, False, TODAY, each_child=True)
        households = list(find_households(session, scope))
    texts = {(one.address, one.children[0].name) for one in households if one.reason is None}
    assert texts == {(EMMA, "Ava"), (EMMA, "Jayden"), (SHARED, "Lucía")}
    assert len({one.key for one in households}) == len(households)
    assert left_out(households) == {OLIVIA: "no_records", LOPEZ: "of_age"}


def test_two_children_of_one_guardian_stand_in_one_text(district: District) -> None:
    (emma,) = [one for one in found(district, schools=["sch-3"]) if one.address == EMMA]
    assert [child.name for child in emma.children] == ["Ava", "Jayden"]


@pytest.mark.parametrize(
    ("names", "who"),
    [({"schools": ["sch-2"]}, {ANGEL, HODAN}),
     ({"classes": ["cls-3"]}, {ANGEL}),
     ({"classes": ["cls-2", "cls-1"]}, {ANGEL, HODAN, DANDRE, SHARED}),
     ({"schools": ["sch-2"], "classes": ["cls-1"]}, set()),
     ({"languages": ["es"]}, {ANGEL, LOPEZ, SHARED}),
     ({"schools": ["sch-2"], "languages": ["so", "vi"]}, {HODAN})],
)  # fmt: skip
def test_each_part_of_an_audience_narrows_it(
    district: District, names: dict[str, Any], who: set[str]
) -> None:
    assert {address for address, _ in reached(found(district, **names))} == who


def test_a_grade_is_found_however_it_is_spelled(district: District) -> None:
    change = update(Student).where(Student.source_id == "stu-000038").values(grade="07")
    assert reached(found(district, change=change, grades=["7"])) == {(HODAN, "so")}


def test_a_text_about_children_leaves_out_who_may_not_have_their_records(any_district: District) -> None:
    households = found(any_district, tells=True, schools=["sch-3"])
    assert left_out(households) == {OLIVIA: "no_records", LOPEZ: "of_age"}
    assert reached(households) == {(EMMA, "en"), (SHARED, "es")}


def test_nobody_is_written_about_on_a_line_shared_with_somebody_who_must_not_be_told(
    district: District,
) -> None:
    change = update(Contact).where(Contact.address == GUADALUPE_R).values(address=ANGEL)
    households = found(district, change=change, schools=["sch-2"])
    assert left_out(households) == {ANGEL: "no_contact"}
    assert reached(households) == {(HODAN, "so")}


def test_a_stopped_line_is_left_out_and_one_that_started_again_is_not(any_district: District) -> None:
    will, now = Will("ALTO", "es", "message", "family"), any_district.clock.now()
    with any_district.database.write() as session:
        for line in (ANGEL, HODAN):
            stop(session, "sms", line, will, now)
        start(session, "sms", HODAN, will, now)
    households = found(any_district, schools=["sch-2"])
    assert left_out(households) == {ANGEL: "stopped", GUADALUPE_R: "no_contact"}
    assert reached(households) == {(HODAN, "so")}


@pytest.mark.parametrize(
    "change",
    [update(Guardian).where(Guardian.source_id == "grd-00025-1").values(active=False),
     update(Student).where(Student.source_id == "stu-000038").values(active=False),
     update(Guardianship).where(Guardianship.student_id == IFRAH).values(active=False)],
)  # fmt: skip
def test_who_left_is_not_in_any_audience(district: District, change: Any) -> None:
    households = found(district, change=change, schools=["sch-2"])
    assert HODAN not in {one.address for one in households}


def test_a_child_who_left_the_class_is_not_in_its_audience(district: District) -> None:
    key = district.people.students["stu-000038"].id
    change = update(Enrollment).where(Enrollment.student_id == key).values(active=False)
    assert reached(found(district, change=change, classes=["cls-2"])) == {(ANGEL, "es")}


@pytest.mark.parametrize("values", [{"active": False}, {"channel": "email"}])
def test_a_guardian_without_an_address_that_can_be_texted_is_named_as_left_out(
    any_district: District, values: dict[str, Any]
) -> None:
    change = update(Contact).where(Contact.address == HODAN).values(**values)
    households = found(any_district, change=change, schools=["sch-2"])
    (hodan,) = [one for one in households if one.reason == "no_address"]
    assert (hodan.name, hodan.contact_id) == ("Hodan Warsame", None)
    assert reached(households) == {(ANGEL, "es")}


def test_some_lines_alone_give_the_same_households(any_district: District) -> None:
    with any_district.database.read() as session:
        scope = Scope(Audience(), True, True, TODAY)
        everybody = find_households(session, scope)
        lines = {("sms", SHARED), ("sms", EMMA)}
        some = find_households(session, scope, lines)
    assert some == [one for one in everybody if (one.channel, one.address) in lines]
