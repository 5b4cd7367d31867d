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
    """The tag of the language a text names, in whatever language it names it; None when it names none or several.

    "English please, not Spanish" names two: the person is asked.
    """
    folded = f" {fold(text)} "
    found = {tag for name, tag in _names().items() if _stands_in(name, folded)}
    return found.pop() if len(found) == 1 else None


def _stands_in(name: str, folded: str) -> bool:
    joined_up = re.search(r"[\u3000-\u9fff\u1100-\u11ff]", name) is not None
    return name in folded if joined_up else f" {name} " in folded


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
