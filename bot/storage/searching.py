"""Looking for words in texts of any language, on databases that know the case of ASCII letters only."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_

MOST_WORDS = 8


def words_in(text: str) -> list[str]:
    """The words of a search; what goes beyond a few is left out."""
    return text.split()[:MOST_WORDS]


def any_contains(columns: tuple[Any, ...], word: str) -> ColumnElement[bool]:
    """One of the columns contains the word, in small letters or capitals. SQLite's own lower() leaves É as it is."""
    forms = {word, word.lower(), word.upper()}
    return or_(*(column.icontains(form, autoescape=True) for column in columns for form in sorted(forms)))
