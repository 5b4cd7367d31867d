"""A question about a day without school hears so first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.model.dialogue import Phrase, Say
from bot.storage.session import Database
from tests import cast
from tests.conftest import FixedClock
from tests.flows.stage import POLICY, Stage, describe
from tests.flows.world import build_world, set_stage

THANKSGIVING = date(2026, 11, 25)


@pytest.fixture
def stage(sqlite_database: Database, clock: FixedClock) -> Stage:
    build_world(sqlite_database, clock)
    made = set_stage(sqlite_database, clock, cast.DANDRE, [])
    made.policy = replace(POLICY, closed_days=frozenset({THANKSGIVING, date(2026, 11, 11)}))
    return made


def said(says: list[Say]) -> list[list[str]]:
    return [[describe(text) for text in say.texts] for say in says]


HOURS = ["= School starts at 8:30 and ends at 2:45.", "utter_article_source"]


def test_the_answer_stands_below_that_there_is_no_school_then(stage: Stage) -> None:
    says = stage.hear("What time does school start on November 25?", "ask_question")
    assert said(says) == [["utter_school_closed", *HOURS]]
    first = says[0].texts[0]
    assert isinstance(first, Phrase)
    assert first.values == {"day": THANKSGIVING}


def test_a_short_question_is_answered_by_it(stage: Stage) -> None:
    assert said(stage.hear("does school start november 25?", "ask_question")) == [["utter_school_closed"]]


def test_what_no_article_answers_is_passed_on_below_it(stage: Stage) -> None:
    says = stage.hear("Can somebody fetch his glasses for me on November 25?", "ask_question")
    assert said(says) == [["utter_school_closed"], ["utter_case_question_owner"]]


def test_each_of_two_questions_has_its_own_day(stage: Stage) -> None:
    lunch, hours = "how much is lunch?", "when does school start on November 25?"
    says = said(stage.hear(f"{lunch} and {hours}", {lunch: "ask_question", hours: "ask_question"}))
    assert [lines[0] for lines in says] == [
        "= Breakfast and lunch are free for every student this year.",
        "utter_next_request",
        "utter_school_closed",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "What time does school start on November 24?",
        "What time did school start on November 11?",
        "What time does school start?",
    ],
)
def test_of_other_days_and_days_gone_by_nothing_is_said(stage: Stage, text: str) -> None:
    assert said(stage.hear(text, "ask_question")) == [HOURS]


def test_what_is_no_question_for_the_school_hears_nothing_of_it(stage: Stage) -> None:
    says = stage.hear("will it rain in Brazil on November 25?", "out_of_scope")
    assert said(says) == [["utter_out_of_scope"]]
