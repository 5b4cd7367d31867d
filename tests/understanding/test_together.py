"""That a text says "both" or "all of them", and no more."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.understanding.entities import read_entities

NOW = datetime(2026, 11, 16, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "both"), ("en", "Both kids"), ("en", "all of them"), ("es", "los dos"), ("es", "Ambas"), ("es", "todos"),
     ("pt-BR", "os dois"), ("fr", "les deux"), ("ht", "tou de"), ("so", "labadaba"), ("ru", "обе"), ("vi", "cả hai"),
     ("zh-Hans", "两个都是"), ("ko", "둘 다요"), ("fil", "pareho sila"), ("ar", "كلاهما"), ("es", "mis dos hijos")],
)  # fmt: skip
def test_both_is_understood_in_twelve_languages(language: str, text: str) -> None:
    assert read_entities(text, language, NOW)["together"] == "all"


@pytest.mark.parametrize("text", ["both my kids are sick", "all the kids on the bus", "not both", "Ava"])
def test_more_than_that_says_something_else(text: str) -> None:
    assert "together" not in read_entities(text, "en", NOW)
