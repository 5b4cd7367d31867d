"""Fixed phrases sought inside a message, as whole words where a script has spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from bot.understanding.cleaning import fold, forms, strip_accents

_UNSPACED = frozenset({"CJK", "HIRAGANA", "KATAKANA", "THAI", "KHMER", "LAO", "MYANMAR"})
_PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")
"""Arabic writes "and", "with", "to" and "the" together with the next word."""

_LONG = 4
"""Syllables from which a Hangul phrase is long enough to be sought inside a word of a text without spaces."""

_RUN_ON = 9
"""Syllables in one Hangul "word" that show its writer leaves the spaces out."""

_REACH = 24
"""Syllables kept after the beginning of a word; no Hangul phrase is longer."""


class Phrases:
    """A set of phrases, longest first. Case, accents, punctuation and the spacing of CJK text do not matter.

    Chinese is sought anywhere. Hangul is sought from the beginning of a word on, whatever particle follows
    ("자해" is not in "혼자 해요"); where a text leaves its spaces out, longer phrases are sought anywhere.
    """

    def __init__(self, phrases: Iterable[str], harmless: Iterable[str] = ()) -> None:
        """Fold the phrases and sort them by the way their script marks words.

        `harmless`: longer phrases that hold one of these and mean something else ("active shooter drill").
        Each silences only the phrases that it spells out itself, and only where it stands.
        """
        self._needles: dict[str, dict[str, list[tuple[str, str]]]] = {}
        for form in _folded(phrases):
            kind = _kind(form)
            first = form.split()[0] if kind == "spaced" else form[0]
            found = self._needles.setdefault(kind, {}).setdefault(first, [])
            found.append((form, _needle(form, kind)))
        self._harmless = sorted(_folded(harmless), key=_longest_first)

    def find(self, text: str) -> str | None:
        """The longest phrase (in its folded form) that the message holds, or None."""
        folded = fold(text)
        readings = tuple(dict.fromkeys((folded, strip_accents(folded))))
        return next((hit for reading in readings if (hit := self._find(reading))), None)

    def _find(self, reading: str) -> str | None:
        for kind, haystack in _haystacks(reading, self._needles).items():
            starts = frozenset(reading.split() if kind == "spaced" else reading)
            table = self._needles[kind]
            near = (pair for start in starts for pair in table.get(start, ()))
            hits = sorted((form for form, needle in near if needle in haystack), key=_longest_first)
            for form in hits:
                if not self._explained(form, kind, reading):
                    return form
        return None

    def _explained(self, form: str, kind: str, reading: str) -> bool:
        """Whether a phrase that was found stands nowhere but inside harmless ones."""
        needle, rest = _needle(form, kind), reading
        for harmless in self._harmless:
            if needle in _of_the_table(harmless, kind):
                rest = _pattern(harmless).sub(" | ", rest)
        return rest != reading and needle not in _haystacks(rest, (kind,)).get(kind, "")


def _folded(phrases: Iterable[str]) -> set[str]:
    return {form for phrase in phrases for form in forms(phrase)[:2]}


def _longest_first(form: str) -> tuple[int, str]:
    return -len(form), form


def _kind(form: str) -> str:
    names = {_script(char) for char in form if char != " "}
    if "HANGUL" in names:
        return "hangul" if len(form.replace(" ", "")) < _LONG else "long hangul"
    if names & _UNSPACED:
        return "unspaced"
    return "arabic" if "ARABIC" in names else "spaced"


@cache
def _script(char: str) -> str:
    """The first word of a sign's name; there are some 2,000 signs in all tables."""
    return unicodedata.name(char, "").split(" ")[0]


def _needle(form: str, kind: str) -> str:
    """What is sought in the haystack of its kind."""
    if kind == "spaced":
        return f" {form} "
    if kind == "arabic":
        return f" {form}"  # endings hang on the word, so only its beginning is held
    tight = form.replace(" ", "")
    return tight if kind == "unspaced" else f"\n{tight}"


def _haystacks(reading: str, kinds: Iterable[str]) -> Mapping[str, str]:
    """The reading as each of the kinds wants it; plain ASCII can hold nothing but words with spaces."""
    wanted = frozenset(kinds) & {"spaced"} if reading.isascii() else frozenset(kinds)
    return {kind: make(reading) for kind, make in _HAYSTACKS.items() if kind in wanted}


@cache
def _of_the_table(harmless: str, kind: str) -> str:
    """A harmless phrase as its kind wants it; made once, because there are hundreds for each phrase that is found."""
    return _haystacks(harmless, (kind,)).get(kind, "")


def _beginnings(reading: str) -> str:
    """A line for every word: what is written from there on, without spaces."""
    words, lines, joined, start = reading.split(), [], reading.replace(" ", ""), 0
    for word in words:
        lines.append(joined[start : start + _REACH])
        start += len(word)
    return "\n" + "\n".join(lines)


def _anywhere(reading: str) -> str:
    """The same, and where spaces are left out a line for every letter."""
    if max(map(len, reading.split()), default=0) < _RUN_ON:
        return _beginnings(reading)
    joined = reading.replace(" ", "")
    return "\n" + "\n".join(joined[start : start + _REACH] for start in range(len(joined)))


def _arabic_words(reading: str) -> str:
    """The text, and once more without the particles written on to its words."""
    return f" {reading} \n {' '.join(_without_particle(word) for word in reading.split())} "


def _without_particle(word: str) -> str:
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            return word[len(prefix) :]
    return word


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """A harmless phrase in a reading, wherever its kind would be found; made for those of the tables that are needed."""
    kind = _kind(form)
    if kind == "spaced":
        return re.compile(rf"(?<!\S){re.escape(form)}(?!\S)")
    if kind == "arabic":
        return re.compile(rf"(?<!\S)(?:{'|'.join(_PREFIXES)})?{re.escape(form)}\S*")
    return re.compile(" ?".join(map(re.escape, form.replace(" ", ""))))


_HAYSTACKS: Mapping[str, Callable[[str], str]] = {
    "unspaced": lambda reading: reading.replace(" ", ""),
    "hangul": _beginnings,
    "long hangul": _anywhere,
    "arabic": _arabic_words,
    "spaced": lambda reading: f" {reading} ",
}
"""The kinds of phrases, in the order in which they are sought, with what each is sought in."""
