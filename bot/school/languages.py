"""Languages as families name them: "español", "Spanish", "西班牙语", "tiếng Tây Ban Nha"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from bot.school.language_names import ALSO
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
_AFTER = tuple(map(fold, ("못", "몰라", "모르", "말고", "않", "싫", "아니")))
"""Korean says no after the language: "영어 못해요"."""
_SOMALI_AFTER = re.compile(
    r"\b(?:ma|kuma|maan)\s+(?:aqaan\w*|aqoon|fahm\w*|garan\w*|hadl\w*|akhri\w*|qor\w*|rabo|doonayo)\b"
)


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
        places = sorted(_places(folded))
        untils = [*(start for start, _, _ in places[1:]), len(folded)]
        before = 0  # a negation belongs to the first name after it, in some languages to the one before it
        for (start, end, tag), until in zip(places, untils, strict=False):
            denied = _denied_after(folded[end:until], last=until == len(folded))
            (refused if denied or _negated(folded[before:start]) else wanted).add(tag)
            before = until if denied else end
    return wanted, refused


def _places(folded: str) -> list[tuple[int, int, str]]:
    """Where languages stand, the longest name at each place."""
    found: dict[int, tuple[int, int, str]] = {}
    for name, tag in _names().items():
        joined_up = re.search(r"[\u3000-\u9fff\u1100-\u11ff]", name) is not None
        at = folded.find(name if joined_up else f" {name} ")
        end = at + len(name) + (0 if joined_up else 1)
        if at >= 0 and (at not in found or found[at][1] < end):
            found[at] = (at, end, tag)
    return [one for one in found.values() if not any(_inside(one, other) for other in found.values())]


def _inside(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """The Chinese of "Traditional Chinese" is no second language."""
    return one is not other and other[0] <= one[0] and one[1] <= other[1]


def _negated(before: str) -> bool:
    words = [word.replace("'", "") for word in before.split()[-_NEAR:]]
    joined_up = any(sign in before for sign in ("\u4e0d", "\u6ca1"))
    return joined_up or any(word in _NEGATIONS for word in words)


def _denied_after(after: str, *, last: bool) -> bool:
    """Somali "Af Ingiriisi ma aqaan", "영어 못해요", "英文看不懂"; but "要中文不要英文" says it of the next one."""
    chinese = last and any(sign in after for sign in ("\u4e0d", "\u6ca1"))
    return chinese or any(sign in after for sign in _AFTER) or _SOMALI_AFTER.search(after) is not None


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for tag, own in OWN_NAMES.items():
        for name in (own, *ALSO.get(tag, ()), *_foreign_names(tag, tuple(OWN_NAMES))):
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
