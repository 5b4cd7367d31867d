"""Languages as families name them: "español", "Spanish", "西班牙语", "tiếng Tây Ban Nha"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from bot.school.needs import fold

OWN_NAMES = {
    "en": "English",
    "es": "Español",
    "zh-Hans": "中文",
    "vi": "Tiếng Việt",
    "ar": "العربية",
    "so": "Soomaali",
    "ht": "Kreyòl ayisyen",
    "pt-BR": "Português",
    "ru": "Русский",
    "fr": "Français",
    "ko": "한국어",
    "fil": "Filipino",
    "uk": "Українська",
    "ur": "اردو",
    "hmn": "Hmoob",
    "zh-Hant": "繁體中文",
}
"""What a language calls itself: the same on every phone, so it needs no translation."""

_CLAUSE = re.compile(
    r"[,.;:!?\u060c\u061b\u061f\u3002\uff0c]|\b(?:but|pero|sino|nhưng|mà)\b|لكن", re.IGNORECASE
)
_NEAR = 6  # words between a negation and the language it speaks of ("no hablo muy bien el inglés")
_NEGATIONS = frozenset(
    map(
        fold,
        "not no dont don cannot cant never doesnt isnt nor ni tampoco sin không chẳng chưa لا لم ليس لست مش ما ne pas não"
        " не ma maan hindi pa 못 안".split(),
    )
)

_ALSO = {
    "es": ("castellano", "espanol"),
    "zh-Hans": ("mandarin", "putonghua", "zhongwen", "chinese", "中国话", "普通话", "汉语"),
    "ht": ("creole", "kreyol", "haitian", "criollo"),
    "fil": ("tagalog", "pilipino"),
    "vi": ("viet", "tieng viet"),
    "so": ("af soomaali", "af-soomaali"),
    "ar": ("arabi", "عربي"),
    "hmn": ("hmong",),
    "pt-BR": ("portugues", "brazilian"),
}


def own_name(tag: str) -> str:
    """What the language calls itself; the tag where that is not known."""
    return OWN_NAMES.get(tag, tag)


def named_language(text: str) -> str | None:
    """The tag of the language a text asks for, in whatever language it names it; None when it names none or several.

    "English please, not Spanish" asks for one; of "English or Spanish" the person is asked.
    """
    wanted, _ = _mentioned(text)
    return wanted.pop() if len(wanted) == 1 else None


def refused_languages(text: str) -> frozenset[str]:
    """The tags of languages that a text says no to ("I don't speak English")."""
    wanted, refused = _mentioned(text)
    return frozenset(refused - wanted)


def _mentioned(text: str) -> tuple[set[str], set[str]]:
    """The languages that stand in a text: without, and with a negation shortly before them."""
    wanted: set[str] = set()
    refused: set[str] = set()
    for clause in _CLAUSE.split(text.replace("\u2019", "'")):
        folded = f" {fold(clause)} "
        before = 0  # a negation belongs to the first language after it
        for start, end, tag in sorted(_places(folded)):
            (refused if _negated(folded[before:start]) else wanted).add(tag)
            before = end
    return wanted, refused


def _places(folded: str) -> list[tuple[int, int, str]]:
    """Where languages stand, the longest name at each place."""
    found: dict[int, tuple[int, int, str]] = {}
    for name, tag in _names().items():
        joined_up = re.search(r"[\u3000-\u9fff\u1100-\u11ff]", name) is not None
        at = folded.find(name if joined_up else f" {name} ")
        if at >= 0 and (at not in found or found[at][1] - at < len(name) + 1):
            found[at] = (at, at + len(name) + 1, tag)
    return list(found.values())


def _negated(before: str) -> bool:
    words = [word.replace("'", "") for word in before.split()[-_NEAR:]]
    joined_up = any(sign in before for sign in ("\u4e0d", "\u6ca1"))
    return joined_up or any(word in _NEGATIONS for word in words)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for tag, own in OWN_NAMES.items():
        for name in (own, *_ALSO.get(tag, ()), *_foreign_names(tag, tuple(OWN_NAMES))):
            names.setdefault(fold(name), tag)
    return names


def _foreign_names(tag: str, readers: Sequence[str]) -> list[str]:
    language = tag.split("-")[0]
    names = []
    for reader in readers:
        try:
            name = Locale.parse(reader, sep="-").languages.get(language)
        except (UnknownLocaleError, ValueError):
            continue  # the standard locale data does not know this reader's language
        if name:
            names.append(name)
    return names
