"""Phrases inside a message: whole words where a script has spaces, anywhere where it has none."""

from __future__ import annotations

import pytest

from bot.understanding.phrases import Phrases

PHRASES = Phrases(["kill myself", "me quiero morir", "đánh tôi", "自杀", "죽고 싶", "انتحر", "end"])


@pytest.mark.parametrize(
    "text",
    ["I will KILL, myself!", "ya no puedo me quiero  morir", "anh ấy đánh tôi", "anh ay danh toi", "我想自杀", "我想 自 杀",
     "죽고싶어요", "죽고 싶어요", "أريد أن أنتحر", "سينتحر وانتحر", "the end"],
)  # fmt: skip
def test_a_phrase_is_found_however_it_is_written(text: str) -> None:
    assert PHRASES.find(text)


@pytest.mark.parametrize("text", ["weekend", "overkill myself?no", "", "🙂", "quiero comer", "학교"])
def test_parts_of_other_words_are_not_phrases(text: str) -> None:
    assert PHRASES.find(text) is None


def test_the_longest_phrase_wins() -> None:
    assert Phrases(["french", "french creole"]).find("in French Creole please") == "french creole"


def test_without_phrases_nothing_is_found() -> None:
    assert Phrases([]).find("anything") is None
