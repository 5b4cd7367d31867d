"""What a few words name: politeness, articles and kin left out; more than that is no short answer."""

from __future__ import annotations

import pytest

from bot.conversation.short_answers import is_brief, named_by, negates
from bot.model.utterance import FALLBACK, IntentGuess, Utterance


def said(text: str, intent: str = FALLBACK, sure: float = 0.4) -> Utterance:
    """A text as the model took it."""
    return Utterance(text, "en", IntentGuess(intent, sure))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("for ava", "Ava"), ("my son Jayden", "Jayden"), ("Jayden Brooks", "Jayden"), ("minha filha Beatriz", "Beatriz"),
        ("es Raúl", "Raul"), ("in person please", "In person at the school"), ("over the phone", "By phone"),
        ("el martes por favor", "Martes, 1 de diciembre"), ("Ани пожалуйста", "Ани"), ("por teléfono", "Por teléfono"),
    ],
)  # fmt: skip
def test_a_few_words_name_a_choice(text: str, label: str) -> None:
    assert named_by(said(text), label)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("please", "By phone"), ("not by phone", "By phone"), ("me", "Ava"), ("my son", "Jayden"),
        ("Ava and Jayden and Mason", "Ava"), ("I would like it for Ava because she has been ill", "Ava"),
    ],
)  # fmt: skip
def test_more_or_less_than_a_name_names_nothing(text: str, label: str) -> None:
    assert not named_by(said(text), label)


def test_a_name_beside_another_sure_wish_is_no_answer() -> None:
    assert not named_by(said("Ava is sick", "report_absence", 0.95), "Ava")
    assert named_by(said("Ava is it", "affirm", 0.95), "Ava")


def test_letters_without_blanks_count_as_words() -> None:
    assert is_brief("我想换成星期二下午")
    assert not is_brief("我想换成星期二下午因为我上午要上班而且孩子要看医生")
    assert is_brief("one two three", 3) and not is_brief("one two three four", 3)


def test_what_does_not_suit_is_no_wish_but_a_leading_no_is() -> None:
    assert negates("I can't do mornings") and negates("pas le matin, sans doute")
    assert negates("not Monday") and not negates("no, Tuesday") and not negates("")
