"""A text and a question meet in the same folded words, whatever the script."""

from __future__ import annotations

import pytest

from bot.school.search_words import search_words, without_accents


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("¿Cómo INSCRIBO a mi hijo?", ["como", "inscr", "a", "mi", "hijo"]),
        ("inscripción", ["inscr"]),
        ("Đi học lúc mấy giờ", ["di", "hoc", "luc", "may", "gio"]),
        ("学校午餐", ["学校", "校午", "午餐"]),
        ("급식표", ["급식", "식표"]),
        ("الحافلة متأخرة", ["الحاف", "متاخر"]),
        ("504 plan, 504", ["504", "plan"]),
        ("💬 …", []),
    ],
)
def test_words_are_folded(said: str, words: list[str]) -> None:
    assert search_words(said) == words


def test_only_latin_letters_lose_their_accents() -> None:
    assert without_accents("Đăng ký xe buýt") == "Dang ky xe buyt"
    assert without_accents("Чей это? 급식") == "Чей это? 급식"
