"""Children and teachers by the names and words a family writes."""

from __future__ import annotations

from datetime import date

import pytest

from bot.school.naming import Found, Person, find_children, find_teachers

CHILDREN = (
    Person(1, "Xaawo", "Maxamed", sex="female", year=7, born=date(2013, 1, 1)),
    Person(2, "José Luis", "Ramos", sex="male", year=4, born=date(2016, 1, 1)),
    Person(3, "Yuna", "Cho", sex="female", year=1, born=date(2019, 1, 1)),
)
TEACHERS = (
    Person(7, "Emma", "Washington", classes={1: "Math 07", 2: "Homeroom 04"}),
    Person(8, "Ava", "Brooks", classes={1: "Science 07"}),
    Person(9, "Sam", "Park", classes={}),
)


@pytest.mark.parametrize(
    ("text", "child"),
    [
        ("xaawos homework", 1), ("hawo is sick", 1), ("jose missed the bus", 2), ("Pepe no fue", 2), ("JOSÉ LUIS", 2),
        ("유나가 아파요", 3), ("Юна заболела", 3), ("about josé’s grade", 2),
    ],
)  # fmt: skip
def test_a_child_is_known_by_its_name_in_any_spelling_and_script(text: str, child: int) -> None:
    assert find_children(CHILDREN, text).one == child


def test_two_names_are_two_children() -> None:
    assert find_children(CHILDREN, "Yuna and Jose") == Found((2, 3), together=True)


@pytest.mark.parametrize(
    ("kin", "found"),
    [
        ("female", Found((1, 3))), ("male", Found((2,))), ("oldest", Found((1,))), ("female youngest", Found((3,))),
        ("middle", Found((2,))), ("grade:4", Found((2,))), ("all female", Found((1, 3), together=True)), ("", Found()),
    ],
)  # fmt: skip
def test_a_child_is_known_by_what_the_family_calls_it(kin: str, found: Found) -> None:
    assert find_children(CHILDREN, "about my child", kin) == found


def test_a_child_whose_sex_nobody_knows_may_be_either() -> None:
    twins = (Person(1, "Ash", "Lee"), Person(2, "Sky", "Lee"))
    assert find_children(twins, "my daughter", "female") == Found((1, 2))


@pytest.mark.parametrize(
    ("text", "said", "found"),
    [
        ("Ms Washington please", {"teacher_words": "ms"}, (7,)), ("华盛顿老师", {"teacher_words": "老师"}, (7,)),
        ("布鲁克斯老师", {"teacher_words": "老师"}, (8,)), ("мисс Брукс", {"teacher_words": "мисс"}, (8,)),
        ("see you at the park", {}, ()), ("Mr. Park", {"teacher_words": "mr"}, (9,)), ("ms. ava", {"teacher_words": "ms"}, (8,)),
        ("her science teacher", {"teacher_words": "teacher", "teaches": "science"}, (8,)),
    ],
)  # fmt: skip
def test_a_teacher_is_known_by_name_or_subject(
    text: str, said: dict[str, str], found: tuple[int, ...]
) -> None:
    assert find_teachers(TEACHERS, text, said, [1]).ids == found
