"""Languages as families name them and refuse them."""

from __future__ import annotations

import pytest

from bot.app import LOOKUPS
from bot.school.languages import named_language, own_name, refused_languages
from bot.school.policy import LANGUAGES
from bot.understanding.lookups import entries


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("español", "es"), ("Spanish please", "es"), ("西班牙语", "es"), ("请用中文", "zh-Hans"), ("tiếng Việt", "vi"),
        ("العربية", "ar"), ("한국어로 부탁해요", "ko"), ("Kreyòl", "ht"), ("Tagalog", "fil"), ("en inglés", "en"),
        ("English please, not Spanish", "en"), ("another language", None), ("I live in Spanish Harlem", "es"),
        ("af Ingiriisi", "en"), ("chinwa", "zh-Hans"), ("ti anglè", "en"), ("繁體中文", "zh-Hant"), ("한국말로 해주세요", "ko"),
        ("me deja en português", "pt-BR"), ("Cantonese", None),
    ],
)  # fmt: skip
def test_languages_are_known_by_the_names_families_use(text: str, tag: str | None) -> None:
    assert named_language(text) == tag


@pytest.mark.parametrize(
    ("text", "wanted", "refused"),
    [
        ("영어 못해요", None, {"en"}),
        ("영어 말고 한국어로 해주세요", "ko", {"en"}),
        ("af Ingiriisi ma aqaan", None, {"en"}),
        ("Ingiriisiga ma fahmo, Soomaali ku soo qora", "so", {"en"}),
        ("英文我看不懂", None, {"en"}),
        ("我要中文不要英文", "zh-Hans", {"en"}),
        ("mwen pa konprann anglè", None, {"en"}),
        ("m pa pale angle men kreyol ayisyen", "ht", {"en"}),
        ("I don't speak English", None, {"en"}),
    ],
)
def test_a_language_that_is_refused_is_not_the_one_asked_for(
    text: str, wanted: str | None, refused: set[str]
) -> None:
    assert (named_language(text), refused_languages(text)) == (wanted, refused)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_language_is_known_by_its_name_in_every_other_and_never_taken_for_another(tag: str) -> None:
    names = [
        entry.split(" = ") for name, entry in entries(LOOKUPS / f"{tag}.yml") if name == "language_names"
    ]
    assert [(meant, name) for meant, name in names if named_language(name) not in (meant, None)] == []
    foreign = {meant for meant, name in names if name != own_name(meant) and named_language(name) == meant}
    assert {tag, *foreign} == set(LANGUAGES)


def test_a_language_is_called_by_its_own_name() -> None:
    assert own_name("vi") == "Tiếng Việt"
    assert own_name("xx") == "xx"
