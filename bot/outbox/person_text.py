"""What people wrote, on its way to a reader of another language.

Translations kept by people win over any provider; with neither, the original goes out, and a sentence
in the reader's language says so. Nobody waits for a translation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from bot.model.dialogue import PersonText
from bot.model.errors import TranslationError
from bot.model.ports import Translator
from bot.outbox.catalogues import lookup_chain, placeholders

log = structlog.get_logger(__name__)

NOT_TRANSLATED = "utter_not_translated"
TRANSLATION_PENDING = "utter_translation_pending"
MACHINE_TRANSLATED = "utter_machine_translated"


@dataclass(frozen=True, slots=True)
class Carried:
    """A person's text for one reader: the words they get, and the name of the note that belongs above them.

    `translated` is true when the words are not the writer's own.
    """

    text: str
    note: str | None = None
    translated: bool = False


def carry_over(text: PersonText, reader: str, translator: Translator | None) -> Carried:
    """The text for a reader of the language `reader`."""
    if same_language(text.language, reader):
        return Carried(text.text)
    kept = _kept_for(text.kept, reader)
    if kept is not None:
        tag, words = kept
        return Carried(words, TRANSLATION_PENDING if tag in text.pending else None, translated=True)
    translation = _ask(translator, text, reader)
    if translation:
        return Carried(translation, MACHINE_TRANSLATED, translated=True)
    return Carried(text.text, NOT_TRANSLATED)


def same_language(one: str, other: str) -> bool:
    """True when a reader of one reads the other: es and es-MX do, zh-Hans and zh-Hant do not."""
    return one == other or one.startswith(f"{other}-") or other.startswith(f"{one}-")


def _kept_for(kept: Mapping[str, str], reader: str) -> tuple[str, str] | None:
    chain = tuple(lookup_chain(reader)) + (("en",) if same_language(reader, "en") else ())
    for tag in chain:
        if kept.get(tag):
            return tag, kept[tag]
    return None


def _ask(translator: Translator | None, text: PersonText, reader: str) -> str | None:
    if translator is None or not text.text.strip():
        return None
    try:
        translation = translator.translate(text.text, text.language, reader)
    except TranslationError as error:
        log.warning("translation_failed", provider=translator.name, error=type(error).__name__)
        return None
    if translation and placeholders(translation) != placeholders(text.text):
        # In braces stands what each reader's own words are put for: a text without them would lack the child's name.
        log.warning("translation_lost_fields", provider=translator.name)
        return None
    return translation
