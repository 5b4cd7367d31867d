"""What tells who wrote a text is taken out of it; the rest stays readable."""

from __future__ import annotations

import pytest

from bot.school.redaction import LONGEST, names_of, redact

NAMES = names_of(
    ["Sofía", "Rodríguez", "D'Andre", "Reed", "Smith-Jones", "Ana", "王伟", "Đặng"],
    ["Will", "Park", "Emma", "Washington", "Mai"],
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("sofia no va mañana", "[name] no va mañana"),
        ("Sofía Rodríguez tiene tos", "[name] tiene tos"),
        ("Sofía's teacher is out", "[name] teacher is out"),
        ("D’Andre or dandre", "[name] or [name]"),
        ("mason SMITH JONES and Smith-Jones", "mason [name] and [name]"),
        ("ana está enferma", "[name] está enferma"),
        ("mañana no va, la banana está rica", "mañana no va, la banana está rica"),
        ("王伟今天生病了", "[name] 今天生病了"),
        ("em dang bi om", "em [name] bi om"),
    ],
)
def test_the_familys_own_names_go_however_they_are_written(text: str, left: str) -> None:
    assert redact(text, NAMES) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("la maestra washington no contesta", "la maestra [name] no contesta"),
        ("will Will call me", "will [name] call me"),
        ("we were at the park with Mr. Park", "we were at the park with Mr. [name]"),
        ("ngày mai con nghỉ, cô Mai ơi", "ngày mai con nghỉ, cô [name] ơi"),
    ],
)
def test_staff_names_go_but_words_that_are_names_too_stay_where_they_are_small(text: str, left: str) -> None:
    assert redact(text, NAMES) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("call +1 (510) 555-0123 now", "call [phone] now"),
        ("llame al 510.555.0123", "llame al [phone]"),
        ("我的电话13812345678", "我的电话 [phone]"),
        ("write to ana.r@mail.example.org please", "write to [email] please"),
        ("see https://example.com/a?b=1 or www.example.org", "see [link] or [link]"),
        ("my PIN is 4821, born 12/05/2014", "my PIN is [number], born [number]"),
        ("what about HL-7K3M2?", "what about [reference]?"),
        ("grade 3 at 3:30, in 15 min", "grade 3 at 3:30, in 15 min"),
    ],
)
def test_numbers_and_addresses_go_and_times_and_grades_stay(text: str, left: str) -> None:
    assert redact(text, NAMES) == left


def test_a_text_is_one_line_without_rasas_own_marks_and_not_too_long() -> None:
    assert redact("[bus](entity)\n- next", NAMES) == "(bus)(entity) - next"
    long = redact("word " * 200, NAMES)
    assert len(long) <= LONGEST and long.endswith("word")
