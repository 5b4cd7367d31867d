"""Names of days, months and languages for languages whose own are missing from the Unicode data that Babel ships."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calendar:
    """Day names from Monday, month names from January, and how a day is written: {weekday} {day} {month} {year}."""

    days: tuple[str, ...]
    months: tuple[str, ...]
    day_of_year: str
    full_day: str
    languages: Mapping[str, str]


# Babel's data for Haitian Creole holds none of its own and inherits French.
CALENDARS: Mapping[str, Calendar] = {
    "ht": Calendar(
        days=("lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch"),
        months=(
            "janvye", "fevriye", "mas", "avril", "me", "jen",
            "jiyè", "out", "septanm", "oktòb", "novanm", "desanm",
        ),
        day_of_year="{weekday} {day} {month}",
        full_day="{weekday} {day} {month} {year}",
        languages={
            "ar": "arab", "en": "anglè", "es": "panyòl", "fr": "franse", "ht": "kreyòl ayisyen", "ko": "koreyen",
            "pt": "pòtigè", "ru": "ris", "so": "somalyen", "vi": "vyetnamyen", "zh": "chinwa",
        },
    ),
}  # fmt: skip

OWN_NAMES: Mapping[str, str] = {
    "hmn": "Hmoob",
    "ht": "Kreyòl ayisyen",
    "nv": "Diné bizaad",
    "quc": "Kʼicheʼ",
    "mam": "Qyol Mam",
}
"""What languages without such data call themselves."""
