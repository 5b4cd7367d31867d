"""What each of many readers is sent, written before anything is stored: what several read alike is written once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.model.dialogue import Say
from bot.outbox.parts import split_body
from bot.outbox.phrasebook import Phrasebook, Rendered
from bot.outbox.segments import count_segments
from bot.school.broadcasts.merging import fill
from bot.school.resting import Windows
from bot.storage.delivery_batches import Person, Written

NO_WORDS: Mapping[str, str] = {}


class Reader(NamedTuple):
    """Who is sent one text of a mailing: the say, its language, and the columns that are a recipient's own.

    `words` stand in the text where the say, once written, has their names in braces: so a say that many read alike,
    but for a name, is written once.
    """

    say: Say
    language: str
    person: Person
    words: Mapping[str, str] = NO_WORDS


class Letter(NamedTuple):
    """A reader's text, in as many parts as a carrier needs."""

    person: Person
    parts: Sequence[Written]


@dataclass(frozen=True, slots=True)
class Post:
    """Letters that are ready to be queued. `windows`: when their lines rest; those left out, as the district does."""

    letters: Sequence[Letter]
    windows: Mapping[tuple[str, str], Windows]


def write_letters(phrasebook: Phrasebook, readers: Sequence[Reader]) -> Sequence[Letter]:
    """Each reader's text as the telephone will show it."""
    rendered: dict[tuple[int, str], Rendered] = {}
    written: dict[Hashable, Sequence[Written]] = {}
    letters = []
    for say, language, person, words in readers:
        kind = (id(say), language)
        own = (kind, *words.values())
        parts = written.get(own)
        if parts is None:
            if kind not in rendered:
                rendered[kind] = phrasebook.render(say, language)
            parts = written[own] = _parts(rendered[kind], language, words)
        letters.append(Letter(person, parts))
    return letters


def _parts(rendered: Rendered, language: str, words: Mapping[str, str]) -> Sequence[Written]:
    body, original = rendered.body, rendered.original
    if words:
        body, original = fill(body, words), original and fill(original, words)
    return [
        Written(
            language,
            part,
            original,
            rendered.original_language,
            rendered.segments if part is rendered.body else count_segments(part),
        )
        for part in split_body(body)
    ]
