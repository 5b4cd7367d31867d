"""Where a name stands in a text, in whatever script and with whatever hangs on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.model.plain_letters import plain
from bot.school.nicknames import SHORT_FOR
from bot.school.spelling import (
    SCRIPTS,
    consonants,
    loose_consonants,
    romanised,
    same_across,
    same_latin,
    same_stem,
    script,
)

_WORD = re.compile(
    "|".join([*(f"[{letters}]+" for letters in SCRIPTS.values()), r"[^\W\d_]+(?:['’][^\W\d_]+)*"])
)
_POSSESSIVE = re.compile(r"['’]?s$")
_ELISION = re.compile(r"^(?:d|l|qu|m|n|t|s|j|c)['’]")
_SURNAMES = {"박": "park", "이": "lee", "김": "kim", "최": "choi", "정": "jung", "강": "kang", "조": "cho", "윤": "yoon",
             "임": "lim", "한": "han", "오": "oh", "신": "shin", "노": "roh", "유": "yoo", "문": "moon", "안": "ahn"}  # fmt: skip
_LONGEST = 6  # signs of a name in Chinese or Korean writing


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text as it stands there."""

    text: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words of a text; where two scripts meet, a word ends."""
    return [Word(found.group(), found.start(), found.end()) for found in _WORD.finditer(text)]


def places(text: str, words: Sequence[Word], name: str, *, loose: bool = False) -> Iterator[Word]:
    """Where a name of one or several words stands. `loose`: also where only its sound does, in Chinese or Korean."""
    parts = [part for part in re.split(r"[\s-]+", name.strip()) if part]
    if not parts:
        return
    joined = "".join(parts)
    for index, word in enumerate(words):
        if script(word.text) in ("han", "hangul"):
            yield from _in_syllables(word, joined, loose=loose)
        elif len(parts) == 1:
            if _is(word.text, parts[0]):
                yield word
        else:
            run = words[index : index + len(parts)]
            if len(run) == len(parts) and all(map(_is, (w.text for w in run), parts)):
                yield Word(text[run[0].start : run[-1].end], run[0].start, run[-1].end)
            elif _is(word.text, joined):
                yield word


def _is(written: str, name: str) -> bool:
    if script(written) != script(name):
        return same_across(written, name)
    one, other = plain(written).replace("’", "'"), plain(name)
    if script(written) != "latin":
        return one == other or (script(written) == "cyrillic" and same_stem(written, name))
    bare = (one, _POSSESSIVE.sub("", one), _ELISION.sub("", one))
    return any(same_latin(form, other) for form in bare) or any(
        other in SHORT_FOR.get(form, ()) for form in bare
    )


def _in_syllables(word: Word, name: str, *, loose: bool) -> Iterator[Word]:
    """Chinese and Korean: any run of signs that reads as the name."""
    text, same = word.text, script(name) == script(word.text)
    if same:
        at = text.find(name)
        if at >= 0:
            yield Word(name, word.start + at, word.start + at + len(name))
        return
    latin = re.sub(r"[^a-z]", "", plain(name))
    korean = script(text) == "hangul"
    for at in range(min(2, len(text)) if korean else len(text)):
        for length in range(1, min(_LONGEST, len(text) - at) + 1):
            run = text[at : at + length]
            if _reads(run, latin, loose=loose):
                yield Word(run, word.start + at, word.start + at + length)
                return


def _reads(run: str, latin: str, *, loose: bool) -> bool:
    if len(run) == 1:
        return loose and (romanised(run) == latin or _SURNAMES.get(run) == latin)
    if romanised(run) == latin:
        return True
    return loose and len(consonants(latin)) >= 3 and loose_consonants(run) == loose_consonants(latin)
