"""The console speaks all of its languages, whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.console.texts import LANGUAGES, load_catalogues
from tests.console.house import LOCALES, SignIn

CONSOLE = Path(__file__).parents[2] / "bot" / "console"
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None, "N_": None, "translate": None, "ngettext": (1, 2), "translate_count": (1, 2),
}  # fmt: skip
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
PLACE = re.compile(r"%\((\w+)\)s")


def spoken() -> set[str | tuple[str, ...]]:
    """Every message that the console's code and pages contain."""
    found = extract_from_dir(CONSOLE, METHODS, keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found}


def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "console.po").open("rb") as file:
        return read_po(file, locale=language)


def test_there_is_something_to_translate() -> None:
    assert len(spoken()) > 150


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_every_message_is_in_every_language_and_none_is_left_over(language: str) -> None:
    written = {message.id for message in catalogue(language) if message.id}
    assert written == spoken()


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_translations_are_complete_and_keep_their_placeholders(language: str) -> None:
    for message in catalogue(language):
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[-1]
        forms = (message.string,) if isinstance(message.string, str) else message.string
        assert all(forms) and not message.fuzzy, message.id
        for form in forms:
            missing = set(PLACE.findall(english)) ^ set(PLACE.findall(form))
            assert not missing or (len(forms) > 1 and missing == {"count"}), (message.id, form)


def test_a_language_without_a_catalogue_speaks_english(tmp_path: Path) -> None:
    assert load_catalogues(tmp_path)["es"].gettext("Cases") == "Cases"


def test_arabic_counts_with_its_own_plurals(signed_in: SignIn) -> None:
    arabic = load_catalogues(LOCALES)["ar"]
    forms = [
        arabic.ngettext("%(count)s earlier message", "%(count)s earlier messages", n) for n in (1, 2, 3, 11)
    ]
    assert len(set(forms)) == 4


def test_the_whole_console_turns_to_spanish_and_arabic(signed_in: SignIn) -> None:
    rosa = signed_in("rosa")
    for language, word in (("es", "Vencidos"), ("ar", "متأخرة")):
        rosa.press("/console/language", "/console/", language=language)
        page = rosa.read("/console/")
        assert word in page and "Overdue" not in page
