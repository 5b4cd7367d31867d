"""A family's text without what tells who wrote it: names, telephone numbers, addresses of the net, long numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.school.needs import fold

NAME, PHONE, EMAIL, NUMBER, LINK, REFERENCE = (
    "[name]",
    "[phone]",
    "[email]",
    "[number]",
    "[link]",
    "[reference]",
)

LONGEST = 300
"""Characters kept: as much as the model reads."""

_SURE_NAME = 4
"""Letters from which a member of staff's name counts also in small letters; "mai" and "do" are words too."""

_WORDS_TOO = frozenset(
    "best bill bird brook cook cruz day drew early faith flores frank grace grant green hope jack king long love luna"
    " luz mark mercado miles park price reyes rose sales short small star stone summer"
    " west white will wise wood young".split()
)
"""Names that are words as well, where they are written small."""

_PATTERNS = (
    (re.compile(r"\S+@\S+\.\w+"), EMAIL),
    (re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|net|edu|gov|us|info|io|me|co|ly)\b\S*", re.IGNORECASE), LINK),
    (re.compile(r"\bHL[-\s]?[2-9CDFHJKMNPQRTVWX]{5,7}\b", re.ASCII | re.IGNORECASE), REFERENCE),
    (re.compile(r"\+?\(?\d(?:[\s().-]{0,2}\d){6,}"), PHONE),
    (re.compile(r"\w*\d(?:[-/.]?\d){3,}\w*"), NUMBER),
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’‘-][^\W\d_]+)*")
_RUN = re.compile(rf"{re.escape(NAME)}(?:[\s'’-]+{re.escape(NAME)})+")
_LOOSE = re.compile(r"(\[[a-z]+\]) ([,.;:!?])")
_BRACKETS = str.maketrans("[]", "()")


@dataclass(frozen=True, slots=True)
class Names:
    """Whose names are taken out. `own`: of this family, wherever they stand; `others`: short ones only with a capital.

    All as the roster writes them; accents, capitals and hyphens do not matter.
    """

    own: frozenset[str]
    others: frozenset[str]


def names_of(own: Iterable[str], others: Iterable[str]) -> Names:
    """The single words of these names, folded."""
    return Names(frozenset(_parts(own)), frozenset(_parts(others)))


def redact(text: str, names: Names) -> str:
    """The text on one line, with placeholders; at most LONGEST characters of it.

    Whoever is not in `names` is not known: the name of a neighbour stays, so people read before a text is used.
    """
    plain = " ".join(text.translate(_BRACKETS).split())
    for pattern, placeholder in _PATTERNS:
        plain = pattern.sub(f" {placeholder} ", plain)
    plain = _without_unspaced(plain, names.own | names.others)
    pieces = re.split(r"(\[[a-z]+\])", plain)
    hidden = (piece if piece.startswith("[") else _without_names(piece, names) for piece in pieces)
    whole = " ".join(_RUN.sub(NAME, "".join(hidden)).split())
    return _cut(_LOOSE.sub(r"\1\2", whole))


def _without_names(text: str, names: Names) -> str:
    return _WORD.sub(lambda found: NAME if _is_name(found[0], names) else found[0], text)


def _is_name(word: str, names: Names) -> bool:
    """Whether a word, or a part of it ("Sofía's", "Smith-Jones"), is a name that is taken out."""
    for part in {fold(word).replace("'", ""), *_split(word)}:
        if part in names.own:
            return True
        sure = len(part) >= _SURE_NAME and part not in _WORDS_TOO
        if part in names.others and (sure or word[0].isupper()):
            return True
    return False


def _without_unspaced(text: str, names: Collection[str]) -> str:
    """Names in scripts that put no spaces between words, or hang endings on them."""
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1 and _unspaced(name):
            text = text.replace(unicodedata.normalize("NFC", name), f" {NAME} ")
    return text


def _unspaced(name: str) -> bool:
    return any("\u3000" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7a3" for sign in name)


def _parts(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        if _unspaced(name):
            yield unicodedata.normalize("NFC", name.strip())
        for word in name.split():
            yield from (part for part in {fold(word).replace("'", ""), *_split(word)} if len(part) > 1)


def _split(word: str) -> list[str]:
    return [part for part in re.split(r"[\s'-]+", fold(word.replace("’", "'").replace("‘", "'"))) if part]


def _cut(text: str) -> str:
    """The first LONGEST characters, without half a word at the end."""
    if len(text) <= LONGEST:
        return text
    end = text.rfind(" ", LONGEST // 2, LONGEST)
    return text[: end if end > 0 else LONGEST].rstrip()
