"""Whom a broadcast is for, as people name it, and who may text them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from bot.model.errors import BadInput, NotFound
from bot.school.broadcasts.audience import Audience, Names, check_reach, describe, read_audience
from bot.storage.people import StaffMember, Student
from tests.broadcasts import District


def test_an_audience_is_stored_and_read_back() -> None:
    audience = Audience((1, 2), ("03",), (7,), ("es", "so"), (4,))
    assert Audience.from_json(audience.as_json()) == audience
    assert Audience.from_json({}) == Audience()


@pytest.mark.parametrize(
    ("names", "why"),
    [({"schools": ["sch-9"]}, "no school sch-9"), ({"classes": ["cls-1", "x"]}, "no class x"),
     ({"grades": ["12"]}, "grade 12. Grades in the roster: 03, 07")],
)  # fmt: skip
def test_an_unknown_name_is_told(district: District, names: dict[str, Any], why: str) -> None:
    with district.database.write() as session:
        session.execute(update(Student).values(grade="03"))
        session.execute(update(Student).where(Student.source_id == "stu-000008").values(grade="07"))
        with pytest.raises(NotFound, match=why):
            read_audience(session, Names(**names))


def test_an_audience_is_told_in_words(district: District) -> None:
    with district.database.read() as session:
        audience = read_audience(session, Names(schools=["sch-2"], classes=["cls-2"], languages=["es"]))
        assert describe(session, audience) == "Bayview Middle School; Math 07; es"
        assert describe(session, Audience()) == "the whole district"


@pytest.mark.parametrize(
    ("who", "names", "why"),
    [("tch-2-002", {"classes": ["cls-2"]}, None),
     ("tch-2-002", {"classes": ["cls-2", "cls-3"]}, "own classes"),
     ("tch-2-002", {"schools": ["sch-2"]}, "own classes"),
     ("staff-2-pr", {"schools": ["sch-2"]}, None),
     ("staff-2-pr", {"classes": ["cls-3"]}, None),
     ("staff-2-pr", {"classes": ["cls-1"]}, "Bayview Middle School only"),
     ("staff-2-pr", {"schools": ["sch-1", "sch-2"]}, "Bayview Middle School only"),
     ("staff-2-pr", {}, "Bayview Middle School only"),
     ("staff-admin", {}, None)],
)  # fmt: skip
def test_staff_text_the_families_that_are_theirs(
    district: District, who: str, names: dict[str, Any], why: str | None
) -> None:
    with district.database.read() as session:
        author = session.get_one(StaffMember, district.people.staff[who].id)
        audience = read_audience(session, Names(**names))
        if why is None:
            check_reach(session, author, audience)
            return
        with pytest.raises(BadInput, match=why):
            check_reach(session, author, audience)
