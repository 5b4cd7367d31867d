"""The word tables that dates, times, kin, needs and reasons are read with: one YAML file per language in `words/`.

Every entry is a small pattern over folded text: a regular expression in which `<h>` stands for an hour, `<m>` for
minutes, `<n>` for a number, `<d>` for a day of the month, `<o>` for a rank ("third"), `<mon>` for a month, `<wd>` for a
weekday, `<lang>` for the name of a language, and `~` for the rest of a word. One that begins with "^" counts only in
texts that write accents: Vietnamese "tối" is the evening, "toi" far more often "I".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.model.yaml_text import read_yaml
from bot.understanding.folding import bare, fold
from bot.understanding.lookups import NAMES, entries

FOLDER = Path(__file__).with_name("words")
LOOKUPS = Path(__file__).resolve().parents[2] / "nlu_data" / "lookups"

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?")
_PLACE = re.compile(r"<(h|m|n|d|o|mon|wd|lang)>")
_FIGURES = {
    "h": "2[0-4]|1[0-9]|0?[0-9]",
    "m": "[0-5]?[0-9]",
    "n": "[1-9][0-9]?",
    "d": "3[01]|[12][0-9]|0?[1-9]",
    "o": "1[0-2]|[1-9]",
}
_WORDS_OF = {
    "h": "hours",
    "m": "numbers",
    "n": "numbers",
    "d": "numbers",
    "o": "ranks",
    "mon": "months",
    "wd": "weekdays",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One place of a text where a pattern holds: its name, where it stands, and the values in its places, in order."""

    name: str
    start: int
    end: int
    values: tuple[int | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """All entries of one name as one expression; `places` says what each of its groups holds."""

    name: str
    expression: re.Pattern[str]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The compiled words of one language: patterns by kind, and what the words in their places stand for."""

    tag: str
    keeps_accents: bool
    apostrophe: str
    month_first: bool
    next_is_coming: bool
    patterns: Mapping[str, tuple[Pattern, ...]]
    values: Mapping[str, Mapping[str, int | str]]

    def folded(self, text: str) -> str:
        """The text as this table's patterns want it, with a blank at both ends."""
        return fold(text, accents=self.keeps_accents, apostrophe=self.apostrophe)

    def hits(self, kind: str, folded: str) -> list[Hit]:
        """Where the patterns of a kind hold in a folded text, in order; of two at one place the longer."""
        found = [
            Hit(pattern.name, match.start(), match.end(), tuple(self._values(pattern, match)))
            for pattern in self.patterns.get(kind, ())
            for match in pattern.expression.finditer(folded)
        ]
        found.sort(key=lambda hit: (hit.start, -hit.end))
        return _apart(found)

    def names(self, kind: str, folded: str) -> list[str]:
        """The names of a kind that a folded text holds, each once."""
        return list(dict.fromkeys(hit.name for hit in self.hits(kind, folded)))

    def _values(self, pattern: Pattern, match: re.Match[str]) -> Iterator[int | str]:
        for place, written in zip(pattern.places, match.groups(), strict=True):
            if written is not None:
                yield int(written) if written.isdecimal() else self.values[place][written]


def _apart(found: list[Hit]) -> list[Hit]:
    """Hits that do not overlap: a longer one swallows those within it."""
    kept: list[Hit] = []
    for hit in found:
        if kept and hit.start < kept[-1].end:
            if hit.end - hit.start > kept[-1].end - kept[-1].start:
                kept[-1] = hit
            continue
        kept.append(hit)
    return kept


@lru_cache(maxsize=32)
def table(tag: str, *, accents: bool = False) -> Table | None:
    """The table of a language, None where there is none. `accents`: for a text that writes them."""
    path = FOLDER / f"{tag}.yml"
    if not _TAG.fullmatch(tag) or not path.is_file():
        return None
    return _Builder(tag, _raw(path), accents=accents).build()


@lru_cache(maxsize=32)
def _raw(path: Path) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = read_yaml(path.read_text(encoding="utf-8"))
    return loaded


def counts_accents(tag: str) -> bool:
    """Whether words of this language differ by their accents alone, so that a text that writes them means them."""
    path = FOLDER / f"{tag}.yml"
    return _TAG.fullmatch(tag) is not None and path.is_file() and bool(_raw(path).get("accents"))


def accented(text: str) -> bool:
    """Whether a text writes accents at all."""
    return any(unicodedata.category(sign) == "Mn" for sign in unicodedata.normalize("NFD", text))


def tags() -> tuple[str, ...]:
    """The languages that have a table."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


def preload() -> None:
    """Compile every table, so that no family waits for it (0.7 s in all)."""
    for tag in tags():
        table(tag)
        if counts_accents(tag):
            table(tag, accents=True)


_SETTINGS = frozenset({"accents", "apostrophe", "month_first", "next_weekday", "edges"})
_VALUES = frozenset({"numbers", "hours", "ranks", "months", "weekdays"})
_ACCENTED = "^"


class _Builder:
    """Puts one language's file together."""

    def __init__(self, tag: str, raw: Mapping[str, Any], *, accents: bool) -> None:
        self.tag, self.raw, self.accents = tag, raw, accents
        edges = raw.get("edges") or {}
        self.left, self.right = edges.get("left", r"(?<!\w)"), edges.get("right", r"(?!\w)")
        self.values: dict[str, dict[str, int | str]] = {
            place: self._numbers(kind) for place, kind in _WORDS_OF.items()
        }
        self.values["h"] = (
            {**self.values["n"], **self.values["h"]} if not raw.get("hours") else self.values["h"]
        )
        self.values["lang"] = self._languages()

    def build(self) -> Table:
        kinds = [kind for kind in self.raw if kind not in _SETTINGS | _VALUES]
        return Table(
            tag=self.tag,
            keeps_accents=self.accents,
            apostrophe=str(self.raw.get("apostrophe", "")),
            month_first=bool(self.raw.get("month_first")),
            next_is_coming=self.raw.get("next_weekday") == "coming",
            patterns={kind: tuple(self._kind(self.raw[kind] or {})) for kind in kinds},
            values=self.values,
        )

    def _kind(self, block: Mapping[Any, Iterable[str]]) -> Iterator[Pattern]:
        for name, words in block.items():
            meant = [str(word) for word in words or () if self.accents or not str(word).startswith(_ACCENTED)]
            written = [self._bare(word.removeprefix(_ACCENTED)).replace("~", r"\w*") for word in meant]
            if not written:
                continue
            whole = "|".join(sorted(written, key=len, reverse=True))
            places = tuple(found.group(1) for found in _PLACE.finditer(whole))
            filled = _PLACE.sub(lambda found: self._inside(found.group(1)), whole)
            yield Pattern(str(name), re.compile(f"{self.left}(?:{filled}){self.right}"), places)

    def _bare(self, word: str) -> str:
        return bare(word, accents=self.accents)

    def _inside(self, place: str) -> str:
        words = sorted(map(re.escape, self.values[place]), key=len, reverse=True)
        parts = [
            *words,
            *([rf"(?<!\d)(?<!\d[:/.-])(?:{_FIGURES[place]})(?![:/.-]?\d)"] if place in _FIGURES else []),
        ]
        return f"({'|'.join(parts)})"

    def _numbers(self, kind: str) -> dict[str, int | str]:
        block = self.raw.get(kind) or {}
        return {self._bare(str(word)): int(value) for value, words in block.items() for word in words}

    def _languages(self) -> dict[str, int | str]:
        file = LOOKUPS / f"{self.tag}.yml"
        if not file.is_file():
            return {}
        pairs = [entry.split("=", 1) for name, entry in entries(file) if name == NAMES and "=" in entry]
        return {self._bare(name.strip()): tag.strip() for tag, name in pairs}
