"""Pieces of words, one to four letters long, without case and accents: the model's second way of seeing a text.

The embedding knows little Somali, Haitian Creole and Vietnamese without accents; the letters do not care. Shared with
Rasa's side: nothing of the app may be imported here, no syntax newer than Python 3.10 be used.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.understanding import e5_text

LONGEST = 4
"""Letters of the longest piece."""

SEEN = 2
"""Training texts that must have a piece before it counts: what one text has alone teaches nothing."""

_VIETNAMESE = re.compile("[đ\u0309\u0323\u031b]")
"""The letter đ, the hook, the dot below and the horn: of our languages only Vietnamese writes these."""

_DIGIT = re.compile(r"\d")


def plain(text: str) -> str:
    """The text without case and accents, every digit the same; Hangul falls into its letters."""
    loose = unicodedata.normalize("NFKD", e5_text.prepare(text)).replace("đ", "d")
    kept = "".join(char for char in loose if not unicodedata.combining(char))
    return _DIGIT.sub("0", kept)[: 2 * e5_text.CUT]


def with_bare_copies(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts and their intents, and each Vietnamese text also as half of its writers type it: without accents."""
    copies = {_bare(text): intent for text, intent in texts.items() if _VIETNAMESE.search(_parted(text))}
    return {**copies, **texts}


def _bare(text: str) -> str:
    kept = (char for char in _parted(text).replace("đ", "d") if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", "".join(kept))


def _parted(text: str) -> str:
    return unicodedata.normalize("NFD", text.lower())


def pieces(text: str) -> Iterator[str]:
    """Every run of one to four characters inside a word, its borders written as spaces."""
    for word in plain(text).split():
        padded = f" {word} "
        for size in range(1, LONGEST + 1):
            if len(padded) <= size:  # a short word counts once
                yield padded
                break
            yield from (padded[at : at + size] for at in range(len(padded) - size + 1))


@dataclass(frozen=True)
class Letters:
    """The pieces that training knows, each with its weight (rare ones say more)."""

    known: Any  # (p,) of at most LONGEST characters, in alphabetical order: a tenth of a dictionary's memory
    rarity: Any  # (p,) float32
    scale: float

    @classmethod
    def of(cls, texts: Sequence[str], most: int, scale: float) -> Letters:
        """The `most` commonest pieces of these texts, of those that several texts have."""
        seen = Counter(piece for text in texts for piece in set(pieces(text)))
        often = sorted((piece for piece, count in seen.items() if count >= SEEN), key=lambda p: (-seen[p], p))
        kept = sorted(often[:most])
        rarity = [math.log((1 + len(texts)) / (1 + seen[piece])) + 1 for piece in kept]
        return cls(_names(kept), np.array(rarity, dtype=np.float32), scale)

    def row(self, text: str) -> tuple[Any, Any]:
        """The places of the text's known pieces and their values; the values' length is the scale (or 0: none known)."""
        counts = Counter(pieces(text))
        names = _names(list(counts))
        places = np.searchsorted(self.known, names)
        here = np.searchsorted(self.known, names, side="right") > places
        columns, often = places[here], np.array(list(counts.values()), dtype=np.float32)[here]
        values = (1 + np.log(often)) * self.rarity[columns]
        return columns, values * np.float32(self.scale / max(float(np.linalg.norm(values)), 1e-6))


def _names(found: Sequence[str]) -> Any:
    return np.array(found, dtype=f"<U{LONGEST}")
