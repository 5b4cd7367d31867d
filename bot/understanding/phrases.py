"""Fixed phrases sought inside a message, as whole words where a script has spaces."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from bot.understanding.cleaning import fold, forms, strip_accents

_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "KHMER", "LAO", "MYANMAR")
_PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")
"""Arabic writes "and", "with", "to" and "the" together with the next word."""


class Phrases:
    """A set of phrases, longest first. Case, accents, punctuation and the spacing of CJK text do not matter."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Fold the phrases and sort them by the way their script marks words."""
        every = {form: None for phrase in phrases for form in forms(phrase)[:2]}
        ordered = sorted(every, key=lambda form: (-len(form), form))
        self._spaced = tuple(form for form in ordered if _kind(form) == "spaced")
        self._arabic = tuple(form for form in ordered if _kind(form) == "ARABIC")
        self._unspaced = tuple((form, form.replace(" ", "")) for form in ordered if _kind(form) == "unspaced")

    def find(self, text: str) -> str | None:
        """The longest phrase (in its folded form) that the message holds, or None."""
        folded = fold(text)
        readings = tuple(dict.fromkeys((folded, strip_accents(folded))))
        return next((hit for reading in readings if (hit := self._find(reading))), None)

    def _find(self, reading: str) -> str | None:
        if not reading.isascii():
            joined = reading.replace(" ", "")
            for form, tight in self._unspaced:
                if tight in joined:
                    return form
            words = _arabic_words(reading)
            for form in self._arabic:
                if f" {form}" in words:  # endings hang on the word, so only its beginning is held
                    return form
        padded = f" {reading} "
        return next((form for form in self._spaced if f" {form} " in padded), None)


def _kind(form: str) -> str:
    names = {unicodedata.name(char, "").split(" ")[0] for char in form if char != " "}
    if names & set(_UNSPACED):
        return "unspaced"
    return "ARABIC" if "ARABIC" in names else "spaced"


def _arabic_words(reading: str) -> str:
    """The text, and once more without the particles written on to its words."""
    return f" {reading} \n {' '.join(_without_particle(word) for word in reading.split())} "


def _without_particle(word: str) -> str:
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            return word[len(prefix) :]
    return word
