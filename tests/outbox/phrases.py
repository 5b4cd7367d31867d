"""A small phrasebook: English phrases, some of them in Spanish and Arabic, and a provider of translations."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from bot.model.dialogue import Response, Say
from bot.model.errors import TranslationError
from bot.outbox.phrasebook import Phrasebook

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("America/Los_Angeles")
MOMENT = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)

ENGLISH = {
    "utter_booked": "You will meet {teacher} on {when}.\n",
    "utter_ask_mode": "How would you like to meet?",
    "utter_count": "{count} messages wait.",
    "utter_nested": "About your child: {about}",
    "utter_only_english": "Only in English, on {when}.",
    "utter_stale": "This one has changed.",
    "utter_other_braces": "Bring {thing}.",
    "utter_ask_mode.1": "In person",
    "utter_ask_mode.2": "By phone",
}
SPANISH = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "You will meet {teacher} on {when}."
msgstr "Tiene una reunión con {teacher} el {when}."

msgid "How would you like to meet?"
msgstr "¿Cómo prefiere reunirse?"

msgid "In person"
msgstr "En persona"

#, fuzzy
msgid "This one has changed."
msgstr "Esto ya no es cierto."

msgid "Bring {thing}."
msgstr "Traiga {cosa}."

msgid "The message below was written in {language_name} and could not be translated."
msgstr "El mensaje siguiente está escrito en {language_name} y no se pudo traducir."
"""
ARABIC = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "You will meet {teacher} on {when}."
msgstr "ستقابل {teacher} يوم {when}."

msgid "{count} messages wait."
msgstr "عدد الرسائل: {count}."
"""


class Provider:
    """Translates what it was told to."""

    name = "fake"

    def __init__(self, answers: dict[str, str] | None = None, *, fails: bool = False) -> None:
        self.answers, self.fails = answers or {}, fails

    def translate(self, text: str, source: str, target: str) -> str | None:
        """Its answer for the text, if it has one."""
        if self.fails:
            raise TranslationError("down")
        return self.answers.get(text)


def responses() -> dict[str, Response]:
    """Phrases of these tests, and the notes about translations that the product has."""
    own = yaml.safe_load((ROOT / "flows" / "delivery.yml").read_text(encoding="utf-8"))["responses"]
    texts = {**ENGLISH, **{name: variants[0]["text"] for name, variants in own.items()}}
    return {name: Response(name, text) for name, text in texts.items()}


def write_catalogues(folder: Path) -> Path:
    """The folder with a Spanish and an Arabic catalogue in it."""
    for tag, text in (("es", SPANISH), ("ar", ARABIC)):
        place = folder / tag / "LC_MESSAGES"
        place.mkdir(parents=True)
        (place / "bot.po").write_text(text, encoding="utf-8")
    return folder


def body(book: Phrasebook, say: Say, language: str) -> str:
    """What a reader of the language gets."""
    return book.render(say, language).body
