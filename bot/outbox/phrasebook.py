"""From a say to the text a family reads: their language, their way to write dates, their direction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.model.dialogue import PersonText, Phrase, Response, Say, Text, Value, Verbatim
from bot.model.errors import BadFlow
from bot.model.ports import Translator
from bot.outbox.catalogues import PLACEHOLDER, Catalogues
from bot.outbox.formatting import Formats, formats_for, is_right_to_left
from bot.outbox.person_text import carry_over, same_language
from bot.outbox.segments import count_segments

ISOLATE, END_ISOLATE = "\u2068", "\u2069"
GROUPS = re.compile(r"(?<![\w/.?=&#:%~-])[+(]?\d[\d ().\u00a0-]{5,}\d(?![\w/])")
"""A telephone number, or another of several groups, though not within a link. Among right-to-left words its groups would
be shown in the opposite order."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A say as it leaves. `labels` are the choices' words without their numbers.

    `original` holds what people wrote, when the body has a translation of it instead.
    """

    body: str
    labels: tuple[str, ...]
    original: str | None
    original_language: str | None
    segments: int


class Phrasebook:
    """All responses in all languages. Safe to use from several threads.

    `isolates` wraps inserts in right-to-left texts in marks that keep them together (U+2068, U+2069);
    old telephones show them as boxes.
    """

    def __init__(
        self,
        responses: Mapping[str, Response],
        locales: Path,
        zone: ZoneInfo,
        translator: Translator | None = None,
        *,
        isolates: bool = True,
    ) -> None:
        self._responses = responses
        self._catalogues = Catalogues(locales)
        self._zone = zone
        self._translator = translator
        self._isolates = isolates

    def render(self, say: Say, language: str) -> Rendered:
        """The say in the language, or in English where a phrase is missing. BadFlow names an unknown response
        or a value that the say lacks."""
        page = _Page(self, language)
        lines = [line for text in say.texts for line in page.block(text)]
        labels = tuple(page.write(choice.label) for choice in say.choices)
        numbered = (f"{number}. {label}" for number, label in enumerate(labels, 1))
        body = "\n".join((*page.notes_above_all, *lines, *numbered))
        originals = page.originals
        return Rendered(
            body=body,
            labels=labels,
            original="\n".join(text.text for text in originals) or None,
            original_language=originals[0].language if originals else None,
            segments=count_segments(body),
        )

    def prepare(self, languages: Iterable[str]) -> None:
        """Read catalogues and calendars of these languages now, so that the first family need not wait for them."""
        for language in languages:
            self.translate("", language)
            self.formats(language).moment(datetime(2026, 1, 1, tzinfo=UTC))

    def english(self, phrase: Phrase) -> str:
        """The phrase's English with its braces; BadFlow when there is no such response."""
        response = self._responses.get(phrase.name)
        if response is None:
            raise BadFlow(f"there is no response {phrase.name}")
        return response.text.strip()

    def translate(self, english: str, language: str) -> tuple[str, str]:
        """The phrase in the language, and the tag of the language it really is in."""
        return self._catalogues.find(english, language)

    def formats(self, language: str) -> Formats:
        """How the language writes dates and numbers."""
        return formats_for(language, self._zone)

    def carry(self, text: PersonText, page: _Page) -> str:
        """A person's text for the page's reader; the page takes the note and the original."""
        carried = carry_over(text, page.language, self._translator)
        if carried.note:
            page.notes.setdefault(carried.note, text.language)
        if carried.translated:
            page.originals.append(text)
        readers = carried.translated or same_language(text.language, page.language)
        return self.with_numbers_isolated(carried.text, page.language) if readers else carried.text

    def with_numbers_isolated(self, text: str, language: str) -> str:
        """The text, each number of several groups kept together in a right-to-left one."""
        return GROUPS.sub(rf"{ISOLATE}\g<0>{END_ISOLATE}", text) if self._keeps_together(language) else text

    def isolated(self, text: str, language: str) -> str:
        """The insert, kept together in a right-to-left text."""
        return f"{ISOLATE}{text}{END_ISOLATE}" if text and self._keeps_together(language) else text

    def _keeps_together(self, language: str) -> bool:
        return self._isolates and is_right_to_left(language)


@dataclass
class _Page:
    """One say while it is written for one reader: collects the notes and the originals of people's texts."""

    book: Phrasebook
    language: str
    notes: dict[str, str] = field(default_factory=dict)
    originals: list[PersonText] = field(default_factory=list)
    _said: set[tuple[str, str]] = field(default_factory=set)

    def block(self, text: Text) -> Iterator[str]:
        """The text, under the notes that its people's words call for."""
        self.notes.clear()
        written = self.write(text)
        yield from self._fresh_notes()
        if written:
            yield written

    @property
    def notes_above_all(self) -> Iterable[str]:
        """Notes that labels of choices called for: they stand on top."""
        return tuple(self._fresh_notes())

    def write(self, text: Text) -> str:
        """The text alone."""
        if isinstance(text, Verbatim):
            return self.book.with_numbers_isolated(text.text, self.language)
        if isinstance(text, PersonText):
            return self.book.carry(text, self)
        return self._phrase(text)

    def _fresh_notes(self) -> Iterator[str]:
        for name, written_in in list(self.notes.items()):
            if (name, written_in) not in self._said:
                self._said.add((name, written_in))
                # Named in the language the note really is in: English, where the catalogue lacks it.
                _, tag = self.book.translate(self.book.english(Phrase(name)), self.language)
                yield self._phrase(
                    Phrase(name, {"language_name": self.book.formats(tag).language(written_in)})
                )
        self.notes.clear()

    def _phrase(self, phrase: Phrase) -> str:
        wanted = phrase.language or self.language
        template, language = self.book.translate(self.book.english(phrase), wanted)

        def fill(found: re.Match[str]) -> str:
            name = found[1]
            if name not in phrase.values:
                raise BadFlow(f"response {phrase.name} needs a value for {{{name}}}")
            written = self._insert(phrase.values[name], language)
            # "… at 3:30 p.m." ends the sentence with one full stop, not two.
            doubled = written.endswith(".") and template.startswith(".", found.end())
            return written[:-1] if doubled else written

        return PLACEHOLDER.sub(fill, template)

    def _insert(self, value: Value | None, language: str) -> str:
        if isinstance(value, Phrase):
            return self._phrase(value)
        return self.book.isolated(self._plain(value, language), language)

    def _plain(self, value: Value | None, language: str) -> str:
        formats = self.book.formats(language)
        match value:
            case None:
                return ""
            case Verbatim():
                return value.text  # what is inserted is kept together as a whole
            case PersonText():
                return self.write(value)
            case datetime():
                return formats.moment(value)
            case date():
                return formats.day(value)
            case time():
                return formats.time_of_day(value)
            case int() | Decimal():
                return formats.number(value)
        return str(value)
