"""Names as they sound, so that one person is known in two scripts: 王 and Wang, Яна and Yana, Cabdi and Abdi."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from anyascii import anyascii

SCRIPTS = {
    "han": "\u3400-\u9fff",
    "hangul": "\uac00-\ud7a3",
    "arabic": "\u0600-\u06ff",
    "cyrillic": "\u0400-\u04ff",
}

_LETTERS = {name: re.compile(f"[{letters}]") for name, letters in SCRIPTS.items()}
_PREFIXES = ("وال", "بال", "لل", "ال", "و", "ب", "ل", "ف", "ك", "ع")
_ENDINGS = ("ого", "его", "ому", "ему", "ой", "ей", "ом", "ем", "ым", "им", "ою", "ею", "ая", "ую",
            "у", "ю", "а", "я", "е", "и", "ы", "о", "й", "ь")  # fmt: skip
_SHORT = 4
"""Letters of a Latin name from which spellings are brought together: "Ana" and "Anna" may be two people."""

_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(.)\1+", r"\1"), (r"sch|tch|sh|ch|zh|j", "s"), (r"ph", "f"), (r"kh|gh|x|ck|q", "k"), (r"th", "t"),
        (r"c(?=[eiy])|z", "s"), (r"[cg]", "k"), (r"d", "t"), (r"[bfv]", "p"), (r"[aeiouyhw]+", "-"),
    )
)  # fmt: skip
_ARABIC_VOWELS = frozenset("اويىآأإئؤ")
_ARABIC_SILENT = frozenset("عءهة")


def script(word: str) -> str:
    """The script a word is written in: han, hangul, arabic, cyrillic or latin."""
    return next((name for name, letters in _LETTERS.items() if letters.search(word)), "latin")


@lru_cache(maxsize=4096)
def romanised(word: str) -> str:
    """The word in small Latin letters."""
    return re.sub(r"[^a-z]", "", anyascii(word).casefold())


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """How a word sounds: its consonants, those that scripts and ears confuse made one, and "-" for any vowels."""
    folded = romanised(word)
    for pattern, letter in _SOUNDS:
        folded = pattern.sub(letter, folded)
    return folded


def consonants(word: str) -> str:
    """The sound of a word without its vowels."""
    return sound(word).replace("-", "")


def loose_consonants(word: str) -> str:
    """The same as Chinese and Korean hear it, which do not tell l from r."""
    return consonants(word).replace("r", "l")


def same_latin(one: str, other: str) -> bool:
    """Whether two words in Latin letters, plain, are one name in two spellings."""
    if one == other:
        return True
    if min(len(one), len(other)) < _SHORT:
        return False
    return (
        _simplified(one) == _simplified(other)
        or somali(one) == other
        or somali(other) == one
        or _near(one, other)
    )


def same_across(word: str, name: str) -> bool:
    """Whether a word of one script is a name written in another, whatever endings hang on the word."""
    return any(_sounds_like(base, name) for base in bases(word))


def same_stem(word: str, name: str) -> bool:
    """Whether a word is a name of its own script with another ending (Артёма, Артём)."""
    stems = {_stem(romanised(base)) for base in bases(word)}
    return bool(stems & {_stem(romanised(base)) for base in bases(name)} - {""})


def bases(word: str) -> Iterator[str]:
    """The word, and the word without the particles and endings that its script writes on to it."""
    yield word
    kind, small = script(word), word.casefold()
    if kind == "arabic":
        yield from (word[len(p) :] for p in _PREFIXES if word.startswith(p) and len(word) - len(p) >= 3)
    elif kind == "cyrillic":
        yield from (
            small[: -len(end)] for end in _ENDINGS if small.endswith(end) and len(small) - len(end) >= 2
        )


def _sounds_like(word: str, name: str) -> bool:
    if "ح" in word and "h" not in romanised(name):
        return False
    if script(word) == "arabic":
        return len(consonants(name)) >= 2 and re.fullmatch(_unvowelled(word), sound(name)) is not None
    if script(name) == "arabic":
        return len(consonants(word)) >= 2 and re.fullmatch(_unvowelled(name), sound(word)) is not None
    one, other = _stem(romanised(word)), _stem(romanised(name))
    return bool(one) and (
        one == other or (len(consonants(name)) >= 3 and sound(word).strip("-") == sound(name).strip("-"))
    )


def _unvowelled(word: str) -> str:
    """What the sound of a name may be that is written in Arabic, where short vowels are left out."""
    parts: list[str] = []
    for place, letter in enumerate(word):
        if letter in _ARABIC_SILENT:
            parts.append("-?")
        elif letter in _ARABIC_VOWELS:
            parts.append("-?" if place == 0 else "-")
        else:
            parts.append(f"{re.escape(sound(letter).replace('-', ''))}-?")
    return re.sub(r"(?:-\??)+-", "-", re.sub(r"-\?(?:-\?)+", "-?", "-?" + "".join(parts)))


def _stem(latin: str) -> str:
    """A romanised name without its last vowels, y and i made one, so that "dimu" meets "dima"."""
    return re.sub(r"[aeiou]+$", "", re.sub(r"[yj]+", "i", latin).replace("ie", "e").replace("ii", "i"))


def _simplified(latin: str) -> str:
    folded = (
        latin.replace("kh", "k").replace("ph", "f").replace("ou", "u").replace("oo", "u").replace("ee", "i")
    )
    return re.sub(r"(?:ie|ey|y)$", "i", re.sub(r"(.)\1+", r"\1", folded))


def somali(latin: str) -> str:
    """A name in Somali spelling as others write it: Cabdiraxmaan is Abdirahman."""
    return re.sub(r"(.)\1+", r"\1", latin.replace("x", "h").replace("dh", "d").replace("c", ""))


def _near(one: str, other: str) -> bool:
    """Whether one letter too many, too few, wrong, or two swapped, is all that parts two words of six letters and more."""
    if min(len(one), len(other)) < 6 or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, left = one[start:], other[start:]
    if len(rest) == len(left):
        return rest[1:] == left[1:] or (rest[:2] == left[:2][::-1] and rest[2:] == left[2:])
    return rest[1:] == left if len(rest) > len(left) else rest == left[1:]
