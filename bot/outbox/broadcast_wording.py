"""How the phrasebook writes broadcasts: names kept together, days in the reader's way, texts measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.model.dialogue import PersonText, Say
from bot.outbox.person_text import same_language
from bot.outbox.phrasebook import Phrasebook
from bot.school.broadcasts.wording import Measured


@dataclass(frozen=True, slots=True)
class PhrasebookWording:
    """The Wording of a phrasebook."""

    phrasebook: Phrasebook

    def insert(self, value: str | date, language: str) -> str:
        """A name or a day as it stands in a text of this language."""
        written = self.phrasebook.formats(language).day(value) if isinstance(value, date) else value
        return self.phrasebook.isolated(written, language)

    def measure(self, say: Say, language: str) -> Measured:
        """The text for readers of the language."""
        rendered = self.phrasebook.render(say, language)
        translated = rendered.original is not None
        written_in = [text.language for text in say.texts if isinstance(text, PersonText)]
        foreign = any(not same_language(tag, language) for tag in written_in)
        return Measured(rendered.body, rendered.segments, translated, foreign and not translated)
