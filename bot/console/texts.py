"""The console's own words in the reader's language: gettext domain `console`, and how languages are named."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import g

LANGUAGES = {"en": "English", "es": "Español", "ar": "العربية"}
"""The languages the console speaks, each by its own name."""

LOCALES = {"en": "en_US", "es": "es_US", "ar": "ar_EG"}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "fa-AF", "ur", "ps", "he", "yi", "ckb", "dv", "sd", "ug"})

Catalogues = Mapping[str, gettext.NullTranslations]


def N_(message: str) -> str:
    """Mark a message for the catalogue without translating it here."""
    return message


@cache
def load_catalogues(folder: Path) -> Catalogues:
    """Every console.po, compiled in memory once; a language without a file speaks English."""
    found: dict[str, gettext.NullTranslations] = {}
    for language in LANGUAGES:
        path = folder / language / "LC_MESSAGES" / "console.po"
        found[language] = _compiled(path, language) if path.exists() else gettext.NullTranslations()
    return found


def translate(message: str, **values: object) -> str:
    """The message in the reader's language, `%(name)s` filled in and kept apart from right-to-left text."""
    if not message:  # the catalogue keeps its own head under the empty message
        return ""
    text = cast("gettext.NullTranslations", g.console_texts).gettext(message)
    return text % _isolated(values) if values else text


def translate_count(one: str, many: str, count: int, **values: object) -> str:
    """The right plural of a message for `%(count)s`."""
    text = cast("gettext.NullTranslations", g.console_texts).ngettext(one, many, count)
    return text % _isolated({"count": count, **values})


def language_name(tag: str) -> str:
    """How the reader calls a language: "es" is "Spanish", or "español"."""
    names = Locale.parse(LOCALES[g.console_language]).languages
    return str(names.get(tag.replace("-", "_")) or names.get(tag.split("-")[0]) or tag)


def direction(tag: str) -> str:
    """rtl or ltr."""
    return "rtl" if tag in RIGHT_TO_LEFT or tag.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def _compiled(path: Path, language: str) -> gettext.NullTranslations:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _isolated(values: Mapping[str, object]) -> dict[str, object]:
    if g.console_language not in RIGHT_TO_LEFT:
        return dict(values)
    return {k: f"\u2068{v}\u2069" if isinstance(v, str) else v for k, v in values.items()}
