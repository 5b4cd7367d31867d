"""Long texts in pieces that a carrier takes, cut where people would pause."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

LONGEST_BODY = 1600
"""Characters a carrier takes at once (Twilio's limit)."""

_JOINERS = frozenset("\u200d\ufe0e\ufe0f")


def split_body(body: str, longest: int = LONGEST_BODY) -> Sequence[str]:
    """The body in pieces of at most `longest` characters: cut at a line, else a space, else between letters."""
    pieces = []
    rest = body
    while len(rest) > longest:
        cut = _cut(rest, longest)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest]


def _cut(text: str, longest: int) -> int:
    for mark in ("\n", " "):
        found = text.rfind(mark, longest // 2, longest + 1)
        if found > 0:
            return found
    cut = longest
    while cut > 1 and _joined(text[cut - 1], text[cut]):
        cut -= 1
    return cut if cut > 1 else longest


def _joined(left: str, right: str) -> bool:
    """True when the two characters belong to one sign: accents, vowel signs, joined emoji."""
    return right in _JOINERS or left == "\u200d" or unicodedata.category(right) in {"Mn", "Mc", "Me"}
