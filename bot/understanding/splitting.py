"""Where a text may hold several requests: at the ends of its sentences and at words that join ("and also", "还有").

Knows no meaning: whether the parts are requests of their own is decided by the model (several.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.model.errors import BadInput
from bot.model.plain_letters import UNSPACED
from bot.model.yaml_text import read_yaml
from bot.understanding.cleaning import strip_accents

MOST_PARTS = 4
"""Parts of one text that are looked at: each costs an embedding (about 1 ms a word)."""

LEAST_WORDS = 2
LEAST_LETTERS = 4
"""A part is no shorter than this: words, or letters in the scripts that write without blanks."""

_ENDS = r"[.!?…]+[\"'”’)»]*(?=\s|$)|[。！？｡；؟?!;]+[\"'”’)»]*|[\n·•]+"
_COMMAS = r"[،，、](?=\S|\s)"
_SHORT = re.compile(r"\b(?:mr|mrs|ms|dr|st|sr|sra|srta|prof|no|num|vs|th|ths|[ap]\.m|[a-z])$", re.IGNORECASE)
"""What a full stop may follow without ending a sentence."""

_WORD = re.compile(r"\w+")
_ARABIC_AND = "و"
_ANYWHERE = ""
_ENDING = "~"
_QUESTION = "?？؟"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text, from `start` to `end`. `joined`: it begins with, or after, a joining word."""

    text: str
    start: int
    end: int
    joined: bool = False

    @property
    def asks(self) -> bool:
        """Whether it ends in a question mark."""
        return self.text.rstrip("\"'”’)» ")[-1:] in _QUESTION


class Splitter:
    """Cuts texts into parts; safe to share between threads."""

    def __init__(self, joining: Iterable[str]) -> None:
        """`joining`: words that join two requests. "and + when": only before "when", which stays with the part;
        "~하고요": an ending that joins, cut behind its word."""
        ways: dict[str, set[str]] = {}
        endings: set[str] = set()
        for entry in joining:
            if entry.startswith(_ENDING):
                endings.add(rf"{re.escape(_bare(entry.removeprefix(_ENDING)))}(?=[\s,])")
                continue
            cut, _, keep = (_bare(words) for words in entry.partition("+"))
            ways.setdefault(_first(cut), set()).add(_way(cut, keep))
        self._joins = {first: _any(patterns) for first, patterns in ways.items()}
        self._endings = _any(endings) if endings else None
        self._ends = re.compile(_ENDS)
        self._commas = re.compile(_COMMAS)

    def split(self, text: str) -> list[Part]:
        """The parts of the text, four at most; the text as one part where nothing divides it.

        Commas count only where nothing else divides the text, and only those of scripts in which a comma
        often stands between whole sentences (Chinese, Arabic). Without any mark or word nothing is cut.
        """
        cuts = [*self._sentence_ends(text), *self._clause_ends(text), *self._joined(text)]
        parts = _parts(text, cuts)
        if len(parts) < 2:
            parts = _parts(
                text, [(found.start(), found.end(), False) for found in self._commas.finditer(text)]
            )
        while len(parts) > MOST_PARTS:
            place = min(range(1, len(parts)), key=lambda n: _strength(parts[n - 1], parts[n]))
            parts[place - 1 : place + 1] = [_one(text, parts[place - 1], parts[place])]
        return parts

    def _sentence_ends(self, text: str) -> list[tuple[int, int, bool]]:
        found = self._ends.finditer(text)
        return [
            (end.end(), end.end(), False)
            for end in found
            if not (end.group().startswith(".") and _SHORT.search(text[: end.start()]))
        ]

    def _clause_ends(self, text: str) -> list[tuple[int, int, bool]]:
        found = self._endings.finditer(_bare(text)) if self._endings else ()
        return [(end.end(), end.end(), False) for end in found]

    def _joined(self, text: str) -> list[tuple[int, int, bool]]:
        bare = _bare(text)
        found: list[re.Match[str]] = []
        unspaced = self._joins.get(_ANYWHERE) if UNSPACED.search(bare) else None
        if unspaced is not None:
            found.extend(unspaced.finditer(bare))
        for word in _WORD.finditer(bare):
            for first in {word[0], word[0][0]}:  # Arabic's "and" is written on to the next word
                pattern = self._joins.get(first)
                if pattern is not None and (join := pattern.match(bare, word.start())):
                    found.append(join)
        return [(join.start(), join.end(), True) for join in found]


def _parts(text: str, cuts: list[tuple[int, int, bool]]) -> list[Part]:
    """The stretches between the cuts. What is too short to be anything belongs to its neighbour."""
    parts: list[Part] = []
    begun, joined = 0, False
    for start, end, joins in [*sorted(cuts), (len(text), len(text), False)]:
        if start >= begun and (part := _stripped(text, begun, start, joined)):
            _append(parts, part, text)
            joined = False
        begun, joined = max(begun, end), joined or joins
    return parts


def _append(parts: list[Part], part: Part, text: str) -> None:
    """Add the part; it, or the one before it, may be a fragment that only makes sense with the other."""
    if parts and not (_long_enough(part.text) and _long_enough(parts[-1].text)):
        parts[-1] = _one(text, parts[-1], part)
    else:
        parts.append(part)


def _one(text: str, first: Part, second: Part) -> Part:
    return Part(text[first.start : second.end], first.start, second.end, first.joined or second.joined)


def _stripped(text: str, start: int, end: int, joined: bool) -> Part | None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip(" \n,،，、;:-–·•"))
    words = text[start:end].rstrip(" \n,،，、")
    return Part(words, start, start + len(words), joined) if any(map(str.isalnum, words)) else None


def _long_enough(text: str) -> bool:
    letters = len(UNSPACED.findall(text))
    return letters >= LEAST_LETTERS or len(text.split()) >= LEAST_WORDS


def _strength(before: Part, after: Part) -> tuple[int, int]:
    """How much speaks for two requests at this border; of equal ones the shorter parts are put together."""
    return 2 * after.joined + (before.asks or after.asks), len(before.text) + len(after.text)


def _first(cut: str) -> str:
    """The word at which a joining word is looked for."""
    return _ANYWHERE if UNSPACED.search(cut) else cut.split()[0].partition("'")[0]


def _way(cut: str, keep: str) -> str:
    """The pattern of one joining word, for a bare text."""
    cut, keep = (r"\s+".join(map(re.escape, words.split())) for words in (cut, keep))
    if UNSPACED.search(cut):
        return rf"{cut}(?=\s*{keep})" if keep else cut
    behind = "" if cut == _ARABIC_AND else r"\s+"
    return rf"{cut}{behind}(?={keep}(?!\w))" if keep else rf"{cut}(?!\w)"


def _any(patterns: set[str]) -> re.Pattern[str]:
    """All patterns in one, the longest first."""
    return re.compile("|".join(sorted(patterns, key=lambda way: (-len(way), way))))


def _bare(text: str) -> str:
    """The text in lower case without accents, letter by letter, so that places in it are places in the text."""
    return "".join(map(_bare_letter, text))


@lru_cache(maxsize=4096)
def _bare_letter(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    bare = strip_accents(letter.lower())
    return bare if len(bare) == 1 else (unicodedata.normalize("NFD", letter)[0])


def load_splitter(file: Path) -> Splitter:
    """A splitter with the joining words of every language in a YAML file (tag: list). BadInput when it cannot be read."""
    try:
        words = read_yaml(file.read_text(encoding="utf-8"))
        return Splitter(str(entry) for entries in words.values() for entry in entries)
    except (OSError, yaml.YAMLError, AttributeError, TypeError, UnicodeError) as error:
        raise BadInput(f"{file}: no table of joining words by language ({error!r})") from error
