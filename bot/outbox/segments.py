"""What a text costs: how many SMS parts a carrier makes of it.

Source: 3GPP TS 23.038 (GSM 7-bit alphabet). A text is sent in 7-bit septets when every character is in
the alphabet (extension characters take two), otherwise as a whole in 16-bit units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Units (septets or UTF-16 units) that fit into one text, and into each part of a longer one."""

    name: str
    single: int
    part: int


GSM7 = Alphabet("GSM-7", 160, 153)
UCS2 = Alphabet("UCS-2", 70, 67)


def _characters(ranges: str) -> Iterable[str]:
    for piece in ranges.split():
        first, _, last = piece.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


BASIC = frozenset(
    _characters(
        "000A 000D 0020-005A 005F 0061-007A 00A1 00A3-00A5 00A7 00BF 00C4-00C7 00C9 00D1 00D6 00D8 00DC "
        "00DF-00E0 00E4-00E6 00E8-00E9 00EC 00F1-00F2 00F6 00F8-00F9 00FC 0393-0394 0398 039B 039E 03A0 "
        "03A3 03A6 03A8-03A9"
    )
)
EXTENSION = frozenset(_characters("000C 005B-005E 007B-007E 20AC"))
_GSM7_CHARACTERS = BASIC | EXTENSION


def alphabet_of(text: str) -> Alphabet:
    """The alphabet a carrier needs for this text."""
    return GSM7 if _GSM7_CHARACTERS.issuperset(text) else UCS2


def count_segments(text: str) -> int:
    """How many parts the text travels in; an empty text still is one."""
    alphabet = alphabet_of(text)
    if len(text) * 2 <= alphabet.single:  # no character takes more than two units
        return 1
    sizes = _sizes(text, alphabet)
    if sizes is None:
        return 1 if len(text) <= alphabet.single else -(-len(text) // alphabet.part)
    if sum(sizes) <= alphabet.single:
        return 1
    parts, free = 1, alphabet.part
    for size in sizes:  # a character of two units is never split between two parts
        if size > free:
            parts, free = parts + 1, alphabet.part
        free -= size
    return parts


def _sizes(text: str, alphabet: Alphabet) -> list[int] | None:
    """The units of each character; None where each takes one, as nearly always."""
    if alphabet is GSM7:
        plain = EXTENSION.isdisjoint(text)
        return None if plain else [2 if character in EXTENSION else 1 for character in text]
    return None if max(text) <= "\uffff" else [2 if character > "\uffff" else 1 for character in text]
