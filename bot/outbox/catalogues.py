"""The bot's own phrases per language: gettext catalogues, read when a language is first spoken."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.pofile import read_po

PLACEHOLDER = re.compile(r"\{(\w+)\}")
Phrases = Mapping[str, str]


class Catalogues:
    """`<folder>/<tag>/LC_MESSAGES/bot.po`, each read once. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Phrases] = {}
        self._reading = threading.Lock()

    def find(self, text: str, language: str) -> tuple[str, str]:
        """The phrase in the language and the tag it was found under; the English itself when it is missing.

        A translation whose placeholders differ from the English ones counts as missing: it was made
        for another text, and would leave out or invent a fact.
        """
        for tag in lookup_chain(language):
            translated = self._phrases(tag).get(text)
            if translated and placeholders(translated) == placeholders(text):
                return translated, tag
        return text, "en"

    def _phrases(self, tag: str) -> Phrases:
        with self._reading:
            if tag not in self._read:
                self._read[tag] = self._load(tag)
            return self._read[tag]

    def _load(self, tag: str) -> Phrases:
        path = self._folder / tag / "LC_MESSAGES" / "bot.po"
        if not path.exists():
            return {}
        with path.open("rb") as file:
            catalogue = read_po(file, locale=None, domain="bot")
        # A fuzzy entry belongs to an older English text: better English than a wrong statement.
        return {
            str(message.id): str(message.string)
            for message in catalogue
            if message.id and message.string and not message.fuzzy
        }


def lookup_chain(language: str) -> Iterator[str]:
    """The tag and its shorter forms (RFC 4647 lookup), until English, which is the source: es-MX, es."""
    parts = language.split("-")
    while parts:
        tag = "-".join(parts)
        if tag == "en":
            return
        yield tag
        parts.pop()


def placeholders(text: str) -> frozenset[str]:
    """The names in braces."""
    return frozenset(PLACEHOLDER.findall(text))
