"""A text as the words it is searched by: the same for what is asked and for what answers, in every script."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

STEM = 5
"""Letters of a word that count: endings differ ("inscribir", "inscripción"), beginnings say what it is about."""

_JOINED = (("\u3040", "\u30ff"), ("\u3400", "\u9fff"), ("\uac00", "\ud7a3"))
"""Japanese, Chinese, Korean: written without blanks, or with endings glued on. Pairs of signs stand for words."""


def search_words(text: str) -> list[str]:
    """The different words of a text, folded: small letters, no accents, beginnings only; in order."""
    return list(dict.fromkeys(part for word in _plain(text).split() for part in _parts(word)))


def without_accents(text: str) -> str:
    """Latin letters without their accents, as many people type them; other scripts stay as they are."""
    if text.isascii():
        return text
    kept: list[str] = []
    for sign in unicodedata.normalize("NFD", text):
        if not (unicodedata.combining(sign) and kept and kept[-1].isascii()):
            kept.append(_PLAIN_LETTERS.get(sign, sign))
    return unicodedata.normalize("NFC", "".join(kept))


_PLAIN_LETTERS = {"đ": "d", "Đ": "D", "ı": "i", "ø": "o", "ł": "l"}


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold())
    kept = (
        _PLAIN_LETTERS.get(sign, sign) if sign.isalnum() else " "
        for sign in spread
        if not unicodedata.combining(sign)
    )
    return unicodedata.normalize("NFC", "".join(kept))


def _parts(word: str) -> Iterator[str]:
    if not any(first <= word[0] <= last for first, last in _JOINED):
        yield word[:STEM]
    elif len(word) == 1:
        yield word
    else:
        yield from (word[at : at + 2] for at in range(len(word) - 1))
