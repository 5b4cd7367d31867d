"""What registries call a language → the tag Homeline uses (BCP-47, matched by lookup as in RFC 4647).

The table holds the home languages of US districts with their ISO 639-2/3 codes and English names.
Tags that are well-formed but not listed pass as they are, without their region.
"""

from __future__ import annotations

import re

_NAMES: dict[str, str] = {
    "en": "eng English en",
    "es": "spa Spanish Castilian español",
    "ar": "ara Arabic العربية",
    "zh-Hans": "zh chi zho cmn Chinese Mandarin Chinese_Simplified zh-cn zh-sg 中文",
    "zh-Hant": "zh-tw zh-hk zh-mo Chinese_Traditional",
    "yue": "yue Cantonese zh-yue",
    "vi": "vie Vietnamese",
    "pt-BR": "pt por Portuguese Brazilian_Portuguese Portuguese_Brazil",
    "pt-PT": "Portuguese_Portugal",
    "ht": "hat Haitian Haitian_Creole Creole Kreyol",
    "hmn": "hmn Hmong",
    "mww": "mww Hmong_Daw White_Hmong",
    "hnj": "hnj Hmong_Njua Green_Hmong",
    "so": "som Somali",
    "ru": "rus Russian",
    "uk": "ukr Ukrainian",
    "fil": "tl tgl fil Tagalog Filipino Pilipino",
    "ko": "kor Korean",
    "ur": "urd Urdu",
    "fr": "fra fre French",
    "ja": "jpn Japanese",
    "fa": "fas per Persian Farsi",
    "fa-AF": "prs Dari fa-af",
    "ps": "pus Pashto",
    "ne": "nep Nepali",
    "hi": "hin Hindi",
    "bn": "ben Bengali Bangla",
    "pa": "pan Punjabi Panjabi",
    "gu": "guj Gujarati",
    "te": "tel Telugu",
    "ta": "tam Tamil",
    "sw": "swa swh Swahili",
    "rw": "kin Kinyarwanda",
    "am": "amh Amharic",
    "ti": "tir Tigrinya",
    "my": "mya bur Burmese",
    "ksw": "ksw Karen S'gaw_Karen",
    "km": "khm Khmer Cambodian",
    "lo": "lao Lao Laotian",
    "th": "tha Thai",
    "pl": "pol Polish",
    "ro": "ron rum Romanian",
    "sq": "sqi alb Albanian",
    "he": "heb Hebrew iw",
    "yi": "yid Yiddish",
    "nv": "nav Navajo Diné",
    "quc": "quc K'iche' Kiche",
    "mam": "mam Mam",
    "kjb": "kjb Q'anjob'al Kanjobal",
    "ku": "kur Kurdish",
    "de": "deu ger German",
    "it": "ita Italian",
    "tr": "tur Turkish",
    "hy": "hye arm Armenian",
    "ase": "ase sgn-us American_Sign_Language ASL",
}
_SHAPE = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?")


def _fold(text: str) -> str:
    return re.sub(r"[\s_()/,]+", "_", text.strip().replace("’", "'").casefold()).strip("_")


_TAGS = {_fold(alias): tag for tag, names in _NAMES.items() for alias in (tag, *names.split())}
# A short tag that stands for one of ours is right as it is; names and three-letter codes are not.
_EXACT = {
    alias
    for alias, tag in _TAGS.items()
    if _SHAPE.fullmatch(alias) and (len(alias) == 2 or "-" in alias or alias == tag.casefold())
}


def find_tag(text: str) -> tuple[str | None, bool]:
    """The tag for a tag, code or name (None: unknown), and whether `text` was a proper tag already."""
    folded = _fold(text)
    if folded in _TAGS:
        return _TAGS[folded], folded in _EXACT
    tag = text.strip().replace("_", "-").casefold()
    if not _SHAPE.fullmatch(tag):
        return None, False
    language, _, rest = tag.partition("-")
    script = rest[:4] if len(rest.split("-")[0]) == 4 else ""
    if script and f"{language}-{script}" in _TAGS:
        return _TAGS[f"{language}-{script}"], True
    if language in _TAGS:
        return _TAGS[language], True
    # three letters may be any word ("nul", "n/a" spelled out); two letters are a real tag by construction
    return (language, True) if len(language) == 2 else (None, False)
