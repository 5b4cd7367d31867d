"""The folded form in which dates, times and names are sought: figures keep the signs between them."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = "'’‘ʼ`´＇"
_ALIKE = str.maketrans(
    {"đ": "d", "ł": "l", "ø": "o", "ı": "i", "œ": "oe", "æ": "ae", "ى": "ي", "ة": "ه", "أ": "ا", "إ": "ا", "آ": "ا",
     "ٱ": "ا", "ی": "ي", "ک": "ك", "ـ": ""}
)  # fmt: skip
_OTHER = re.compile(r"[^\w:/.-]+|_+|(?<!\d)[:/.-]+|[:/.-]+(?!\d)")


def fold(text: str, *, accents: bool = False, apostrophe: str = "") -> str:
    """Small letters, figures of any script as 0 to 9, punctuation as blanks but for ":", "/", "." and "-" between
    figures; with a blank at both ends. `apostrophe` is what an apostrophe becomes."""
    plain = bare(text, accents=accents).translate({ord(sign): apostrophe for sign in _APOSTROPHES})
    return f" {' '.join(_OTHER.sub(' ', plain).split())} "


def bare(text: str, *, accents: bool = False) -> str:
    """Small letters in their compatible forms, without accents unless they count; all figures European."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    if not accents:
        plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Mn")
    plain = unicodedata.normalize("NFC", plain)
    if not plain.isascii():
        plain = "".join(str(unicodedata.digit(s)) if s.isdecimal() else s for s in plain)
        plain = plain if accents else plain.translate(_ALIKE)
    return plain
