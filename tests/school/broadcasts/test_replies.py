"""What comes back after a broadcast: it names the broadcast, and a question goes to who wrote it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.school.cases import CaseRequest, Promise, open_case
from bot.school.policy import Policy
from bot.storage.broadcast_replies import count_replies, list_cases_of
from bot.storage.case_list import Viewer
from bot.storage.cases import Case
from tests import cast
from tests.broadcasts import ZONE, District
from tests.cast import DANDRE, HODAN


def texted(district: District, phone: str, kind: str, *, policy: Policy | None = None) -> Case:
    """A case that a text from a line makes."""
    now = district.clock.now()
    with district.database.write() as session:
        line = cast.converse(session, phone, now)
        turn = cast.say(session, line, "Which bus?", now)
        case = open_case(
            session, CaseRequest(kind, "Which bus?", line, turn), Promise(policy or Policy(), ZONE), now
        )
    return case


def owner(district: District, case: Case) -> str:
    return next(key for key, one in district.people.staff.items() if one.id == case.owner_id)


def sent(district: District, **wanted: object) -> int:
    number = district.send("The bus is late.", author="staff-2-pr", schools=["sch-2"], **wanted)
    district.advance()
    district.deliver()
    district.clock.advance(timedelta(hours=1))
    return number


@pytest.mark.parametrize(
    ("kind", "whose"), [("question", "staff-2-pr"), ("person", "staff-2-pr"), ("crisis", "staff-admin"),
                        ("complaint", "staff-1-pr"), ("concern", "staff-admin")],
)  # fmt: skip
def test_a_question_goes_to_the_author_and_a_crisis_never(
    any_district: District, kind: str, whose: str
) -> None:
    number = sent(any_district)
    case = texted(any_district, HODAN, kind)
    assert case.broadcast_id == number
    if kind in ("question", "person"):
        assert owner(any_district, case) == whose
    else:
        assert owner(any_district, case) != "staff-2-pr"


def test_two_days_later_or_from_another_line_it_is_a_case_like_any_other(district: District) -> None:
    sent(district)
    assert texted(district, DANDRE, "question").broadcast_id is None
    district.clock.advance(timedelta(hours=47, minutes=1))
    late = texted(district, HODAN, "question")
    assert late.broadcast_id is None and owner(district, late) != "staff-2-pr"


def test_the_latest_of_several_is_the_one_that_is_answered(district: District) -> None:
    sent(district)
    second = sent(district)
    assert texted(district, HODAN, "question").broadcast_id == second


def test_a_district_may_keep_replies_in_the_office(district: District) -> None:
    number = sent(district)
    case = texted(district, HODAN, "question", policy=replace(Policy(), replies_to_author=False))
    assert (case.broadcast_id, owner(district, case)) == (number, "staff-admin")


def test_an_author_who_has_left_gets_none(district: District) -> None:
    sent(district)
    with district.database.write() as session:
        session.get_one(
            type(district.people.staff["staff-2-pr"]), district.people.staff["staff-2-pr"].id
        ).active = False
    assert owner(district, texted(district, HODAN, "question")) == "staff-admin"


def test_replies_and_cases_are_counted(any_district: District) -> None:
    district = any_district
    number = sent(district)
    case = texted(district, HODAN, "question")
    with district.database.read() as session:
        found = count_replies(session, number)
        assert [one.id for one in list_cases_of(session, number, Viewer(None, True), 5)] == [case.id]
    assert (found.texts, found.lines, found.cases) == (1, 1, {"open": 1})
    with district.database.write() as session:
        draft = district.compose(session).id
        assert count_replies(session, draft).texts == 0
