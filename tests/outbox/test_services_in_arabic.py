"""What is the same in every language, among right-to-left words: a telephone number keeps its order."""

from __future__ import annotations

import pytest

from bot.model.dialogue import Choice, Phrase, Say, Verbatim
from tests.flows.stage import PHRASES


@pytest.mark.parametrize(
    ("fact", "read"),
    [
        ("+1 510-555-0124", "\u2068+1 510-555-0124\u2069"),
        ("1240 Foothill Blvd", "1240 Foothill Blvd"),
        ("https://a.example/510-555-0124", "https://a.example/510-555-0124"),
        ("HL-7K3M2", "HL-7K3M2"),
    ],
)
def test_the_number_of_a_service_is_kept_together_in_arabic_alone(fact: str, read: str) -> None:
    say = Say((Verbatim("Food Bank"), Verbatim(fact)), (Choice(1, Verbatim(fact)),))
    assert PHRASES.render(say, "ar").body == f"Food Bank\n{read}\n1. {read}"
    assert PHRASES.render(say, "en").body == f"Food Bank\n{fact}\n1. {fact}"


def test_a_number_within_a_phrase_is_kept_together_once() -> None:
    say = Say((Phrase("utter_ask_switch_language", {"language_name": Verbatim("+1 510-555-0124")}),))
    body = PHRASES.render(say, "ar").body
    assert "\u2068+1 510-555-0124\u2069" in body
    assert body.count("\u2068") == 1
