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


@pytest.mark.parametrize("text", ["자해", "자해를 해요", "우리 애가 자해했어요", "자해요", "팔에 자 해 흔적"])
def test_a_hangul_phrase_begins_with_a_word_whatever_particle_follows(text: str) -> None:
    assert Phrases(["자해"]).find(text) == "자해"


@pytest.mark.parametrize(
    ("phrase", "text"), [("자해", "혼자 해요"), ("자해", "혼자해요"), ("유서", "사유서를 냈어요"), ("약을 한꺼번에", "예약을 한꺼번에 할게요")]
)  # fmt: skip
def test_a_hangul_phrase_is_not_in_the_middle_of_a_word(phrase: str, text: str) -> None:
    assert Phrases([phrase]).find(text) is None


def test_where_a_text_has_no_spaces_longer_hangul_phrases_are_sought_anywhere() -> None:
    run_on = "우리애가요즘자꾸죽고싶다고해요"
    assert Phrases(["죽고 싶다"]).find(run_on) == "죽고 싶다"
    assert Phrases(["죽고"]).find(run_on) is None


DRILLS = Phrases(["active shooter", "shooter", "有枪", "إطلاق نار", "유서"], ["shooter drill", "active shooter drill",
                  "没有枪", "تدريب إطلاق النار", "유서 깊"])  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["when is the ACTIVE SHOOTER drill?", "孩子没有枪", "متى تدريب إطلاق النار", "وتدريب اطلاق النار غدا", "유서 깊은 학교"],
)  # fmt: skip
def test_a_harmless_phrase_silences_the_phrases_it_holds(text: str) -> None:
    assert DRILLS.find(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("active shooter at school, this is no active shooter drill", "active shooter"),
        ("the shooter drill was today and now there is a real shooter", "shooter"),
        ("没有枪？他有枪！", "有枪"),
        ("유서 깊은 학교인데 방에서 유서를 찾았어요", "유서"),
    ],
)
def test_a_harmless_phrase_silences_nothing_beside_it(text: str, found: str) -> None:
    assert DRILLS.find(text) == found
