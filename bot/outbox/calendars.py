"""Names of days, months and languages where the Unicode data that Babel ships has none or not what families read.

None of them has been checked by a native speaker yet, like the phrases that carry "review: pending".
"""

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


# Babel's data for Haitian Creole holds none of its own and inherits French. That for Somali puts the month before
# the day, shortens morning and afternoon to GH and GD, which no school letter does, and garbles names of languages.
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
            "ar": "arab", "en": "anglè", "es": "panyòl", "fil": "filipino", "fr": "franse", "ht": "kreyòl ayisyen",
            "ko": "koreyen", "pt": "pòtigè", "ru": "ris", "so": "somalyen", "vi": "vyetnamyen", "zh": "chinwa",
        },
    ),
    "so": Calendar(
        days=("Isniin", "Talaado", "Arbaco", "Khamiis", "Jimce", "Sabti", "Axad"),
        months=(
            "Jannaayo", "Febraayo", "Maarso", "Abriil", "Maajo", "Juun",
            "Luulyo", "Agoosto", "Sebteembar", "Oktoobar", "Nofeembar", "Diseembar",
        ),
        day_of_year="{weekday}, {day} {month}",
        full_day="{weekday}, {day} {month} {year}",
        languages={
            "ar": "Carabi", "en": "Ingiriisi", "es": "Isbaanish", "fil": "Filibiin", "fr": "Faransiis",
            "ht": "Kiriyoolka Haiti", "ko": "Kuuriyaan", "pt": "Boortaqiis", "ru": "Ruush", "so": "Soomaali",
            "vi": "Fiyatnaamiis", "zh": "Shiine",
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

FIRST_OF_MONTH: Mapping[str, str] = {"fr": "1er", "pt": "1º"}
"""How the first day of a month is written where a bare 1 would be wrong; the Unicode data has only the bare one."""

WITHOUT_COMMA = frozenset({"pt"})
"""Languages whose data puts nothing but a blank between day and time, which runs together: "25 de novembro 3:30"."""
