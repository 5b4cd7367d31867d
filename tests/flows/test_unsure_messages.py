"""A weak guess at a complaint or an idea writes to nobody: the school's texts are looked at, or other words asked for."""

from __future__ import annotations

import pytest

from bot.model.utterance import IntentGuess, Parse
from bot.storage.cases import Case
from bot.storage.session import Database
from tests import cast
from tests.conftest import FixedClock
from tests.flows.stage import Stage, describe
from tests.flows.world import set_stage


class Guessing:
    """Port IntentClassifier that is as sure of one intent as it is told."""

    name = "guessing"

    def __init__(self, intent: str, confidence: float) -> None:
        self.guess = IntentGuess(intent, confidence)

    def parse(self, text: str) -> Parse:
        """The guess, whatever the text."""
        return Parse(self.guess, (self.guess,))


@pytest.fixture
def stage(world: Database, clock: FixedClock) -> Stage:
    return set_stage(world, clock, cast.DANDRE, [])


def cases(stage: Stage) -> int:
    with stage.database.read() as session:
        return session.query(Case).count()


@pytest.mark.parametrize("intent", ["file_complaint", "give_recommendation"])
def test_a_weak_guess_sends_nothing_and_is_looked_up(stage: Stage, intent: str) -> None:
    stage.classifier = Guessing(intent, 0.53)
    answered = stage.hear("so what do they get for lunch today at school")
    assert describe(answered[0].texts[0]) == "= Breakfast and lunch are free for every student this year."
    assert [[describe(text) for text in say.texts] for say in stage.hear("thuc don hom nay la gi")] == [
        ["utter_not_understood"]
    ]
    assert cases(stage) == 0


@pytest.mark.parametrize("intent", ["file_complaint", "give_recommendation"])
def test_a_weak_guess_that_is_made_twice_reaches_a_person(stage: Stage, intent: str) -> None:
    stage.classifier = Guessing(intent, 0.53)
    stage.hear("abran un expediente otra vez por favor señores")
    stage.hear("que abran un expediente otra vez, ya lo dije")
    assert cases(stage) == 1


@pytest.mark.parametrize("intent", ["file_complaint", "give_recommendation"])
def test_a_fair_guess_is_passed_on(stage: Stage, intent: str) -> None:
    stage.classifier = Guessing(intent, 0.61)
    stage.hear("the principal never answers when the parents of Mason write to him")
    assert cases(stage) == 1
