"""The folded form in which dates, times and names are sought: figures keep the signs between them."""

from __future__ import annotations

import re
import unicodedata

from bot.model.plain_letters import plain

_APOSTROPHES = "'’‘ʼ`´＇"
_OTHER = re.compile(r"[^\w:/.-]+|_+|(?<!\d)[:/.-]+|[:/.-]+(?!\d)")


def fold(text: str, *, accents: bool = False, apostrophe: str = "") -> str:
    """Small letters, figures of any script as 0 to 9, punctuation as blanks but for ":", "/", "." and "-" between
    figures; with a blank at both ends. `apostrophe` is what an apostrophe becomes."""
    plain = bare(text, accents=accents).translate({ord(sign): apostrophe for sign in _APOSTROPHES})
    return f" {' '.join(_OTHER.sub(' ', plain).split())} "


def bare(text: str, *, accents: bool = False) -> str:
    """Small letters in their compatible forms, without accents unless they count; all figures European."""
    small = unicodedata.normalize("NFKC", text.casefold()) if accents else plain(text)
    return (
        small
        if small.isascii()
        else "".join(str(unicodedata.digit(s)) if s.isdecimal() else s for s in small)
    )
