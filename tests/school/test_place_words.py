"""Places in other words than a ZIP code."""

from __future__ import annotations

import pytest

from bot.school.place_words import code_of_town, means_anywhere


@pytest.mark.parametrize(
    "text",
    ["Anywhere is fine", "i don’t know the zip", "donde sea", "cualquier lugar", "no sé el zip", "n'importe où", "N’importe où",
     "tanto faz", "não sei", "nenpòt kote", "где угодно", "не знаю", "ở đâu cũng được", "không biết", "meel kasta",
     "kahit saan po", "لا أعرف", "في أي مكان", "哪里都可以", "不知道", "아무데나요", "모르겠어요"],
)  # fmt: skip
def test_anywhere_and_i_do_not_know_are_understood_in_twelve_languages(text: str) -> None:
    assert means_anywhere(text)


@pytest.mark.parametrize("text", ["Oakland", "near the church", "no gracias", "cerca de mi casa", "学校附近"])
def test_other_words_are_no_wish_for_anywhere(text: str) -> None:
    assert not means_anywhere(text)


def test_a_town_stands_for_a_postal_code_of_it() -> None:
    towns = [("Río Vista", "94571"), ("Oakland", "94601")]
    assert code_of_town("in rio vista please", towns) == "94571"
    assert code_of_town("oak", towns) is None
