"""Small letters without accents: the first step of every comparison of what people type with what we know."""

from __future__ import annotations

import re
import unicodedata

UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""A letter of a script that writes no blanks between words."""

_ALIKE = str.maketrans(
    {"đ": "d", "ł": "l", "ø": "o", "ı": "i", "œ": "oe", "æ": "ae", "ى": "ي", "ة": "ه", "ٱ": "ا", "ی": "ي", "ک": "ك",
     "ـ": ""}
)  # fmt: skip
"""Letters that people type for one another and that Unicode does not take apart."""


def plain(text: str) -> str:
    """The text in small letters of their compatible forms, without accents and with letters alike made one."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    if spread.isascii():
        return spread
    bare = "".join(sign for sign in spread if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", bare).translate(_ALIKE)
