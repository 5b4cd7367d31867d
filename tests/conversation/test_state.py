"""The state between turns: JSON and back, and what happens when the flows change under it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from bot.conversation.state import LOST, from_json, to_json
from bot.model.dialogue import (
    Asking,
    Choice,
    DialogueState,
    Frame,
    PersonText,
    Phrase,
    Request,
    Say,
    Verbatim,
)
from tests.conversation.talk import Talk
from tests.conversation.test_answers import at

FULL = DialogueState(
    stack=(
        Frame("book_conference", "call_choose_child", "link", ("collect_mode", "collect_people")),
        Frame("choose_child", "collect_child", "call"),
    ),
    slots={"text": "é", "int": 3, "float": 0.5, "bool": False, "null": None},
    asking=Asking("child", (Choice(1, Verbatim("Ana")), Choice("none", Phrase("utter_more")), Choice(True, Verbatim("x"))), 1),
    misses=1,
    last_said=(
        Say((
            Phrase("utter_x", {
                "day": date(2026, 11, 23),
                "at": datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
                "clock": time(9, 30),
                "price": Decimal("1.50"),
                "count": 2,
                "name": "Ana",
                "flow": Phrase("flow_name_x", language="so"),
                "who": Verbatim("Ms. Lee"),
                "words": PersonText("hola", "es"),
            }),
            PersonText("lunch is at noon", "en", {"es": "al mediodía"}, frozenset({"es"})),
        ), (Choice(2.5, Verbatim("two")),), "crisis"),
    ),
    waiting=(Request("find_resource", "find_resource", "food", "food. lunch?", {"need": "food"}),),
)  # fmt: skip


def test_a_state_is_the_same_after_json() -> None:
    assert from_json(json.loads(json.dumps(to_json(FULL)))) == FULL


def test_an_open_question_is_kept_as_it_was_asked() -> None:
    question = Say((Phrase("utter_ask_child"),), (Choice(1, Verbatim("Ana")),))
    state = replace(FULL, asking=Asking("child", question.choices, 1, question))
    assert from_json(json.loads(json.dumps(to_json(state)))) == state


def test_the_steps_of_a_turn_are_not_kept() -> None:
    assert from_json(to_json(replace(FULL, steps=7))) == FULL


@pytest.mark.parametrize("written", [{}, {"labels": ["a"]}])
def test_nothing_written_is_a_new_conversation(written: dict[str, object]) -> None:
    assert from_json(written) == DialogueState()


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0}, {"version": 2}, {"stack": [{}]}, {"stack": 3}, {"slots": 3}, {"asking": {"slot": "x"}}, {"misses": None},
        {"last_said": [{"texts": [{}], "choices": [], "kind": "reply"}]}, {"last_said": ["x"]},
        {"last_said": [{"texts": [{"phrase": "x", "values": {"d": {"date": "never"}}}], "choices": [], "kind": "reply"}]},
        {"last_said": [{"texts": [{"phrase": "x", "values": {"d": {"decimal": "?"}}}], "choices": [], "kind": "reply"}]},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_lost_state_and_the_family_is_told(change: dict[str, object]) -> None:
    state = from_json({**to_json(FULL), **change})
    assert state == LOST
    talk = Talk(state=state)
    assert (
        talk.send("2")
        == "I am sorry, this line was updated and I lost our place. Please write again what you need, or text MENU."
    )
    assert talk.state.misses == 0 and talk.state.stack == ()


@pytest.mark.parametrize(
    "frame",
    [
        Frame("no_such_flow", "collect_mode"),
        Frame("book_conference", "no_such_step"),
        Frame("book_conference", "collect_people"),
        Frame("book_conference", "collect_mode", answered=("no_such_step",)),
        Frame("ask_question", "action_answer"),
    ],
)
def test_a_flow_or_step_that_is_gone_after_a_deploy_is_dropped_with_an_apology(frame: Frame) -> None:
    talk = at("mode")
    talk.state = replace(talk.state, stack=(frame,))
    assert talk.send("2").startswith("I am sorry, this line was updated")
    assert talk.flows == [] and talk.state.asking is None


@pytest.mark.parametrize("asking", [None, Asking("no_such_slot")])
def test_a_state_without_its_question_is_dropped(asking: Asking | None) -> None:
    talk = at("mode")
    talk.state = replace(talk.state, asking=asking)
    assert talk.send("2").startswith("I am sorry, this line was updated")


def test_a_question_without_its_flow_is_dropped() -> None:
    talk = Talk(state=DialogueState(asking=Asking("mode")))
    assert talk.send("2").startswith("I am sorry, this line was updated")


def test_after_the_apology_a_clear_wish_is_followed_and_a_command_obeyed() -> None:
    talk = Talk(state=LOST)
    apology, answer = talk.send("When is lunch?", "ask_question").splitlines()
    assert apology.startswith("I am sorry, this line was updated") and answer == "answer to: When is lunch?"
    talk = Talk(state=LOST)
    assert talk.send("menu").splitlines()[1].startswith("How can I help you?")
