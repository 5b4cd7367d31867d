"""Dates, times and numbers as readers of a language write them, in the school's zone.

Clocks show twelve hours, as every school in the United States does; digits are 0 to 9 everywhere.
A language that the Unicode data does not know gets neutral digits (2026-11-25), never English or French words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, localedata
from babel.core import get_global
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from bot.outbox.calendars import CALENDARS, FIRST_OF_MONTH, OWN_NAMES, WITHOUT_COMMA, Calendar

FAMILIES_OF_THE_UNITED_STATES = {"en": "en_US", "es": "es_US"}
RIGHT_TO_LEFT = frozenset({"ar", "he", "yi", "fa", "ur", "ps", "ckb", "sd", "ug", "dv", "syr", "prs"})
_WIDEN = re.compile(r"'[^']*'|E+|c+|M+|L+|a+")


@lru_cache(maxsize=256)
def is_right_to_left(tag: str) -> bool:
    """True when the language is written from right to left."""
    parts = tag.split("-")
    return "Arab" in parts or "Hebr" in parts or parts[0] in RIGHT_TO_LEFT and "Latn" not in parts


class Formats:
    """How one language writes days, times and numbers."""

    def __init__(self, tag: str, zone: ZoneInfo) -> None:
        self._zone = zone
        self._locale = _own_locale(tag)
        self._calendar: Calendar | None = CALENDARS.get(tag.split("-")[0])

    def day(self, value: date) -> str:
        """Weekday, day, month and year in full."""
        if self._calendar is not None:
            return _named(self._calendar, self._calendar.full_day, value)
        if self._locale is None:
            return value.isoformat()
        return _plain_spaces(_day_text(value, "full", self._locale))

    def time_of_day(self, value: time) -> str:
        """Hours and minutes on a twelve-hour clock."""
        if self._calendar is not None:
            return value.strftime("%-I:%M %p")
        if self._locale is None:
            return value.strftime("%H:%M")
        return _plain_spaces(format_time(value, _twelve_hours(self._locale), locale=self._locale))

    def moment(self, value: datetime) -> str:
        """Weekday, day, month and time on the school's wall; without the year, as appointments are near."""
        local = value.astimezone(self._zone)
        if self._calendar is not None:
            return f"{_named(self._calendar, self._calendar.day_of_year, local)}, {self.time_of_day(local.time())}"
        if self._locale is None:
            return local.strftime("%Y-%m-%d %H:%M")
        day = _day_text(local.date(), _day_pattern(self._locale), self._locale)
        bare = self._locale.language in WITHOUT_COMMA
        joint = "{1}, {0}" if bare else str(self._locale.datetime_formats["long"])
        return _plain_spaces(joint.replace("'", "").format(self.time_of_day(local.time()), day))

    def number(self, value: int | Decimal) -> str:
        """Digits with the language's own marks."""
        return (
            str(value) if self._locale is None else _plain_spaces(format_decimal(value, locale=self._locale))
        )

    def language(self, tag: str) -> str:
        """The name of a language; its own name where this language has none for it, else its tag."""
        names: Mapping[str, str] = self._locale.languages if self._locale is not None else {}
        if self._calendar is not None:
            names = self._calendar.languages
        return _named_in(names, tag) or own_name(tag)


@lru_cache(maxsize=128)
def formats_for(tag: str, zone: ZoneInfo) -> Formats:
    """The formats of a language, made once."""
    return Formats(tag, zone)


@lru_cache(maxsize=1)
def _nobodys_names() -> tuple[Mapping[int, str], Mapping[int, str]]:
    """The names of days and months of no language at all.

    From a copy: Babel writes what is read into the data it shares, and every locale loaded after `root` was
    read would take its short names from there ("Sat, 21 M11" in Arabic).
    """
    shared: Any = localedata.load("root")
    root = localedata.LocaleDataDict(deepcopy(shared))
    return dict(root["days"]["format"]["wide"]), dict(root["months"]["format"]["wide"])


def _own_locale(tag: str) -> Locale | None:
    """Babel's locale for the tag, None when its words would be another language's."""
    try:
        locale = Locale.parse(FAMILIES_OF_THE_UNITED_STATES.get(tag, tag.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return None
    parent = str(get_global("parent_exceptions").get(str(locale), ""))
    inherits = parent not in ("", "root") and parent.split("_")[0] != locale.language
    days, months = _nobodys_names()
    nameless = locale.language != "en" and (
        locale.days["format"]["wide"] == days or locale.months["format"]["wide"] == months
    )
    return None if inherits or nameless else locale


def own_name(tag: str) -> str:
    """What a language calls itself: español, Tiếng Việt."""
    locale = _own_locale(tag)
    names: Mapping[str, str] = locale.languages if locale is not None else {}
    return OWN_NAMES.get(tag) or _named_in(names, tag) or tag


def _named_in(names: Mapping[str, str], tag: str) -> str | None:
    found = names.get(tag.replace("-", "_")) or names.get(tag.split("-")[0])
    return str(found) if found else None


def _day_text(value: date, pattern: str, locale: Locale) -> str:
    text = format_date(value, pattern, locale=locale)
    first = FIRST_OF_MONTH.get(locale.language)
    return re.sub(r"\b1\b", first, text, count=1) if first and value.day == 1 else text


def _day_pattern(locale: Locale) -> str:
    """The language's pattern for weekday, day and month, with both names spelled out."""
    return _outside_quotes(str(locale.datetime_skeletons["MMMEd"].pattern), _spelled_out)


def _spelled_out(field: str) -> str:
    if field[0] in "Ec":
        return (
            "EEEE"  # never "cccc": several languages have no stand-alone names, and Babel then takes English
        )
    return field[0] * 4 if len(field) >= 3 else field


def _twelve_hours(locale: Locale) -> str:
    pattern = str(locale.datetime_skeletons["hm"].pattern)
    if locale.language == "ko":  # only the long words are Korean: 오전, 오후
        return _outside_quotes(pattern, lambda field: "aaaa" if field[0] == "a" else field)
    return pattern


def _outside_quotes(pattern: str, change: Callable[[str], str]) -> str:
    return _WIDEN.sub(lambda found: found[0] if found[0].startswith("'") else change(found[0]), pattern)


def _plain_spaces(text: str) -> str:
    # CLDR puts a narrow no-break space before AM: alone it would turn an English text into UCS-2.
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def _named(calendar: Calendar, pattern: str, value: date) -> str:
    return pattern.format(
        weekday=calendar.days[value.weekday()],
        day=value.day,
        month=calendar.months[value.month - 1],
        year=value.year,
    )
