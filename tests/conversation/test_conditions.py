"""The conditions of flows."""

from __future__ import annotations

import pytest

from bot.conversation.condition_parser import parse_condition
from bot.model.errors import BadInput

SLOTS = {"n": 3, "half": 0.5, "word": "blue bus", "yes": True, "no": False, "empty": "", "digits": "3"}
CONTEXT = {"children_count": 2, "reminded": None}

TRUE = [
    "slots.n",
    "slots.n = 3",
    "slots.n = 3.0",
    "slots.n is 3",
    "slots.n != 4",
    "slots.n is not 4",
    "slots.n > 2 and slots.n >= 3 and slots.n < 4 and slots.n <= 3",
    "slots.n > -1",
    "slots.half < 1",
    "slots.word = 'blue bus'",
    'slots.word contains "bus"',
    'slots.word matches "^blue b.s$"',
    "slots.yes",
    "slots.yes = true",
    "not slots.no",
    "slots.no = false",
    "slots.missing is null",
    "slots.missing = null",
    "context.reminded is null and slots.missing = none",
    "slots.n is not null",
    "not slots.empty",
    "not not slots.n",
    "slots.no or slots.yes",
    "slots.no and slots.no or slots.yes",
    "slots.yes or slots.no and slots.no",
    "(slots.yes or slots.no) and context.children_count > 1",
    "not (slots.no or slots.missing)",
    "slots.n = slots.n and slots.n > context.children_count",
    "(((slots.n)))",
]
FALSE = [
    "slots.n = 4",
    "slots.digits = 3",
    "slots.yes = 1",
    "slots.no = 0",
    "slots.no is null",
    "slots.missing > 0",
    "slots.missing < 1",
    "slots.word > 1",
    "slots.digits >= 3",
    "slots.missing contains 'a'",
    "slots.n contains 3",
    "slots.missing matches '.*'",
    "slots.word matches '^bus'",
    "not slots.yes or slots.no",
    "context.unheard_of",
]
BROKEN = ["", " ", "slots", "slots.", "slots.a.b", "other.a", "a", "()", "slots.n =", "and", "not", "slots.n 3", "slots.n == 3",
          "slots.n = 'open", "1.2.3 = 1", "slots.n = 3)", "slots.n; drop", "__import__('os')", "slots.n is is 3"]  # fmt: skip


@pytest.mark.parametrize("source", TRUE)
def test_a_condition_holds(source: str) -> None:
    assert parse_condition(source).holds(SLOTS, CONTEXT) is True


@pytest.mark.parametrize("source", FALSE)
def test_a_condition_does_not_hold(source: str) -> None:
    assert parse_condition(source).holds(SLOTS, CONTEXT) is False


@pytest.mark.parametrize("source", BROKEN)
def test_what_does_not_parse_is_refused(source: str) -> None:
    with pytest.raises(BadInput):
        parse_condition(source)


def test_a_condition_nested_too_deep_is_refused_before_the_stack_overflows() -> None:
    with pytest.raises(BadInput, match="nested too deep"):
        parse_condition("(" * 5000 + "slots.n" + ")" * 5000)
    with pytest.raises(BadInput, match="nested too deep"):
        parse_condition("not " * 5000 + "slots.n")


def test_a_condition_names_the_slots_and_facts_it_reads() -> None:
    condition = parse_condition("slots.a = 1 or not (slots.b > context.c and slots.a)")
    assert condition.names("slots") == {"a", "b"}
    assert condition.names("context") == {"c"}
