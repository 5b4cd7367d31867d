"""Merge fields: known ones only, and never a hole."""

from __future__ import annotations

from datetime import date

import pytest

from bot.model.errors import BadInput
from bot.school.broadcasts.classrooms import Classroom
from bot.school.broadcasts.households import Child, Household
from bot.school.broadcasts.merging import fields_of, fill, missing, values_for

MATH = Classroom(("Math 07",), ("Emma Washington",))
AVA, JAY = Child(1, "Ava", "Bayview", MATH), Child(2, "Jayden", "Bayview", MATH)
DAY = date(2026, 11, 20)


def household(*children: Child) -> Household:
    return Household(1, 1, "Emma Brooks", "sms", "+15105550119", "en", children)


def test_the_fields_of_a_text_are_found() -> None:
    assert fields_of("{child} meets {teacher} on {date}. {child}!") == {"child", "teacher", "date"}


@pytest.mark.parametrize("text", ["{pupil} and {Child}", "{}", "{ child }"])
def test_an_unknown_field_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(BadInput, match=r"unknown field .*\{child\}, \{children\}, \{teacher\}, \{class\}"):
        fields_of(text)


@pytest.mark.parametrize("text", ["{child", "child}", "{{child}}", ":-}"])
def test_a_lone_brace_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="brace"):
        fields_of(text)


def test_several_children_stand_side_by_side_and_what_they_share_stands_once() -> None:
    values = values_for(household(AVA, JAY), DAY)
    assert values == {"child": "Ava, Jayden", "children": "Ava, Jayden", "teacher": "Emma Washington",
                      "class": "Math 07", "school": "Bayview", "date": DAY}  # fmt: skip


def test_a_value_that_one_of_the_children_lacks_is_missing() -> None:
    newcomer = Child(3, "Noor")
    problems = missing(household(AVA, newcomer), {"child", "class", "date"}, None)
    assert [str(problem) for problem in problems] == [
        "Emma Brooks (about Ava, Noor): no value for {class}",
        "Emma Brooks (about Ava, Noor): no value for {date}",
    ]
    assert missing(household(AVA), {"child", "class", "date"}, DAY) == []


def test_a_name_with_braces_is_not_filled_again() -> None:
    assert fill("{child}, {school}", {"child": "{school}", "school": "B"}) == "{school}, B"
