"""What comes in made harmless, and the folded forms in which keywords are compared."""

from __future__ import annotations

import re
import unicodedata

from bot.model.plain_letters import plain

LIMIT = 1600
"""Characters kept: the longest body a carrier delivers (Twilio: 1,600)."""

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff")
_APOSTROPHES = frozenset("'’‘ʼ`´＇")
_FILLERS = frozenset("\u0640\u20e3")  # Arabic's drawn-out line; the frame of a keycap
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n(?: ?\n)* ?")
_RUNS = re.compile(r"([^\W\d_])\1{2,}")


def clean(text: str, limit: int = LIMIT) -> str:
    """The text as the rest of the house sees it: NFC, no control, bidi or broken characters, cut.

    Leading slashes go, because Rasa obeys "/intent" as a command. Line breaks stay, as people structure
    what they tell. Never raises; an empty string means nothing readable came.
    """
    whole = text[: 4 * limit].encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    whole = unicodedata.normalize("NFC", whole).replace("\r\n", "\n")
    kept = _SPACES.sub(" ", "".join(_readable(char) for char in whole))
    kept = _BREAKS.sub(lambda found: "\n\n" if found.group().count("\n") > 1 else "\n", kept)
    return kept.strip().lstrip("/／ \n")[:limit].rstrip()


def _readable(char: str) -> str:
    if char in "\n\r\u2028\u2029\x85":
        return "\n"
    if char in "\t\v\f":
        return " "
    if char in _BIDI or char in _INVISIBLE or "\U000e0000" <= char <= "\U000e007f":
        return ""
    # Unassigned and private characters stay: a newer phone's emoji may be unknown to this Python.
    return "" if unicodedata.category(char) in ("Cc", "Cs") else char


def fold(text: str) -> str:
    """The text for comparing keywords: NFKC, case folded, without punctuation and invisible marks."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.translate(_COMPARED).split())


def _comparable(char: str) -> str:
    if char in _APOSTROPHES or char in _FILLERS or "\U0001f3fb" <= char <= "\U0001f3ff":
        return ""
    if char.isalnum():
        return char
    kind = unicodedata.category(char)
    if kind in ("Cf", "Cc", "Cs", "Me") or "\ufe00" <= char <= "\ufe0f":
        return ""
    return " " if kind[0] in "PZ" or kind in ("Sm", "Sc", "Sk") else char


class _Compared(dict[int, str]):
    """What each sign is when texts are compared, found out once for each of those that people write."""

    most = 20_000

    def __missing__(self, sign: int) -> str:
        found = _comparable(chr(sign))
        if len(self) < self.most:
            self[sign] = found
        return found


_COMPARED = _Compared()


def strip_accents(folded: str) -> str:
    """A folded text without accents, for phones and people that leave them out ("si" for "sí")."""
    return plain(folded)


def forms(text: str) -> tuple[str, ...]:
    """The ways in which a message is looked up, strictest first: folded, bare, bare with "siiii" as "si"."""
    folded = fold(text)
    bare = strip_accents(folded)
    return tuple(dict.fromkeys((folded, bare, _RUNS.sub(r"\1", bare))))


def wordless(text: str) -> bool:
    """True when there is no letter and no digit: empty, emoji only, dots."""
    return not any(char.isalnum() for char in text)
