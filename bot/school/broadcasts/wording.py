"""What a broadcast says to one household, and the little it needs from the outbox to say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.model.dialogue import PersonText, Phrase, Say, Text, Verbatim
from bot.school.broadcasts.audience import Audience
from bot.school.broadcasts.households import Household, Scope
from bot.school.broadcasts.merging import ABOUT_CHILDREN, fields_of, fill, values_for
from bot.storage.broadcasts import Broadcast

KINDS = {"routine": "broadcast", "urgent": "urgent"}
"""The kind of a broadcast's deliveries: urgent ones leave in the hours of rest too."""

ABOUT = "utter_broadcast_about"
HEADER = frozenset({"school", "children"})
"""What the line above a text is made of."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A text as it would leave: the body, its segments, whether its words are a translation.

    `noted`: a note says that it is in another language than the reader's, as nobody translates it.
    """

    body: str
    segments: int
    translated: bool
    noted: bool


class Wording(Protocol):
    """How values and whole texts are written in a language. The outbox's phrasebook does it."""

    def insert(self, value: str | date, language: str) -> str:
        """A name or a day as it stands in a text of this language."""

    def measure(self, say: Say, language: str) -> Measured:
        """The text for readers of the language."""


@dataclass(frozen=True, slots=True)
class Content:
    """A broadcast's text as its households need it, with all its fields known.

    `with_header`: a line above the text says which children it is about. `needed` are the fields whose values
    decide what a household reads: those of the text and of that line.
    """

    broadcast: Broadcast
    audience: Audience
    fields: frozenset[str]
    with_header: bool
    needed: frozenset[str]

    @classmethod
    def of(cls, broadcast: Broadcast) -> Content:
        """The content of a stored broadcast."""
        audience, fields = Audience.from_json(broadcast.audience), fields_of(broadcast.text)
        with_header = _with_header(broadcast, audience, fields)
        return cls(broadcast, audience, fields, with_header, fields | HEADER if with_header else fields)

    def scope(self, today: date) -> Scope:
        """Who gets it, on that day in the school's zone."""
        tells = bool(self.fields & ABOUT_CHILDREN) or self.with_header or self.audience.about_children
        each_child = self.broadcast.one_per == "child"
        return Scope(self.audience, tells, bool(self.fields & {"teacher", "class"}), today, each_child)

    def say(self, household: Household, wording: Wording, district: str) -> Say:
        """The text for one household, which has a value for every field."""
        values = values_for(household, self.broadcast.about_on, self.needed)
        return self._say(values, household.language, wording, district)

    def open_say(self, fields: Iterable[str], reader: str, wording: Wording, district: str) -> Say:
        """The text for all who read a language and have values for these fields: each stays in its braces, for what
        the reader's own words are, but for a date, which is everybody's."""
        day = self.broadcast.about_on
        values = {name: day if name == "date" and day else f"{{{name}}}" for name in fields}
        return self._say(values, reader, wording, district)

    def _say(self, values: Mapping[str, str | date], reader: str, wording: Wording, district: str) -> Say:
        broadcast, family = self.broadcast, reader.split("-")[0]

        def filled(text: str, language: str) -> str:
            return fill(text, {name: wording.insert(value, language) for name, value in values.items()})

        kept = {
            tag: filled(text, tag)
            for tag, text in broadcast.translations.items()
            if tag.split("-")[0] == family  # no reader of another language could be given it
        }
        words = PersonText(filled(broadcast.text, broadcast.language), broadcast.language, kept)
        texts: tuple[Text, ...] = (words,)
        if self.with_header:
            who = {"school": Verbatim(str(values.get("school", district))),
                   "children": Verbatim(str(values["children"]))}  # fmt: skip
            texts = (Phrase(ABOUT, who), words)
        return Say(texts, kind=KINDS[broadcast.category])


def _with_header(broadcast: Broadcast, audience: Audience, fields: frozenset[str]) -> bool:
    """Not where the text says itself which children it is about, and not for the whole district.

    Urgent texts come without: they are for everybody in charge, and tell nothing of a child.
    """
    named = bool(fields & {"child", "children"})
    return audience.names_children and not named and broadcast.category == "routine"
