"""The day or days a text speaks of, reckoned from today; days to come before days gone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.understanding.wording import Hit, Table

AHEAD = 330
"""Days ahead that a date without a year may lie; a later one is taken for one just gone."""

_FIGURES = re.compile(
    r"(?<![\d:/.-])(?:(20\d\d)[-/.])?(\d{1,2})([-/.])(\d{1,2})(?:\3((?:20)?\d\d))?(?![\d:/.-])"
)
_EXPLICIT = frozenset({"day_month", "month_day", "day", "figures"})
_WEEKDAYS = frozenset({"weekday", "next_weekday", "week_weekday", "later_weekday"})


@dataclass(frozen=True, slots=True)
class Days:
    """The day spoken of; the last one, where there are several; and where in the folded text they stand.
    `counted`: where days are counted ("in two days"), whose words are no part of the day."""

    first: date | None = None
    last: date | None = None
    spans: tuple[tuple[int, int], ...] = ()
    counted: tuple[tuple[int, int], ...] = ()


def read_days(words: Table, folded: str, today: date, parts: Sequence[Hit]) -> Days:
    """The first day a folded text speaks of (an exact date before a weekday), and the end of a span of days."""
    titles = [hit for hit in words.hits("teachers", folded) if hit.name == "title"]
    hits = [
        hit
        for hit in _hits(words, folded)
        if not _within(hit, parts) and not _is_surname(hit, folded, titles)
    ]
    dated = [(hit, day) for hit in hits if (day := _day(words, hit, today)) is not None]
    spans = tuple((hit.start, hit.end) for hit, _ in dated)
    counted = tuple((hit.start, hit.end) for hit, _ in dated if hit.name in ("in_days", "in_weeks"))
    for (one, first), (other, _) in zip(dated, dated[1:], strict=False):
        if _joined(words, folded[one.end : other.start]):
            begun = _first_of_span(words, one, other, first, today)
            last = _day(words, other, begun)
            if last is not None and begun < last <= begun + timedelta(days=60):
                return Days(begun, last, spans, counted)
    exact = [day for hit, day in dated if hit.name in _EXPLICIT]
    day = next(iter(exact or [day for _, day in dated]), None)
    return Days(day, None, spans, counted)


def _hits(words: Table, folded: str) -> list[Hit]:
    found = [*words.hits("dates", folded), *words.hits("days", folded), *_figures(words, folded)]
    kept: list[Hit] = []
    for hit in sorted(found, key=lambda hit: (hit.start - hit.end, hit.start)):
        if all(hit.end <= other.start or other.end <= hit.start for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def _figures(words: Table, folded: str) -> Iterable[Hit]:
    """Dates in figures: 3/20, 20.3., 2026-03-20, in the order of the language where both are possible."""
    for match in _FIGURES.finditer(folded):
        year, one, sign, other, late_year = match.groups()
        if (
            sign != "/"
            and year is None
            and late_year is None
            and not (sign == "." and len(other) == 2 and words.tag == "ru")
        ):
            continue  # 3-4 may be a span, 3.15 a time
        first, second = int(one), int(other)
        month, day = (first, second) if year or words.month_first else (second, first)
        if month > 12 >= day:
            month, day = day, month
        if month > 12 or day > 31 or not month or not day:
            continue
        written = year or late_year
        whole = (int(written) % 100 + 2000,) if written else ()
        yield Hit("figures", match.start(), match.end(), (month, day, *whole))


def _day(words: Table, hit: Hit, today: date) -> date | None:
    """The day a hit stands for. None where there is no such day."""
    values = [value for value in hit.values if isinstance(value, int)]
    if hit.name.lstrip("-").isdigit():
        return today + timedelta(days=int(hit.name))
    if hit.name in ("in_days", "in_weeks"):
        return today + timedelta(days=(values[0] if values else 1) * (7 if hit.name == "in_weeks" else 1))
    if hit.name in _WEEKDAYS:
        return _weekday(words, hit.name, values[0], today)
    if hit.name == "day":
        return _day_of_month(values[0], today)
    if hit.name == "day_month":
        values = [values[1], values[0], *values[2:]]
    return _in_year(values, today)


def _weekday(words: Table, name: str, weekday: int, today: date) -> date:
    """The coming one; of "next" week, or the one after that, where the words say so."""
    if name == "later_weekday":
        return today + timedelta(days=14 + weekday - today.weekday())
    ahead = (weekday - today.weekday() - 1) % 7 + 1
    in_next_week = today.weekday() + ahead > 6
    of_next_week = name == "week_weekday" or (name == "next_weekday" and not words.next_is_coming)
    return today + timedelta(days=ahead if in_next_week or not of_next_week else ahead + 7)


def _day_of_month(day: int, today: date) -> date | None:
    for months in range(4):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        found = _real(year, month + 1, day)
        if found is not None and found >= today:
            return found
    return None


def _in_year(values: Sequence[int], today: date) -> date | None:
    month, day = values[0], values[1]
    if len(values) > 2:
        return _real(values[2], month, day)
    found = _real(today.year, month, day)
    if found is not None and found < today - timedelta(days=365 - AHEAD):
        return _real(today.year + 1, month, day)
    return found


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _first_of_span(words: Table, one: Hit, other: Hit, first: date, today: date) -> date:
    """ "The 3rd to the 5th of May" begins in May as well."""
    if one.name == "day" and other.name in ("day_month", "month_day"):
        end = _day(words, other, today)
        begun = end and _real(end.year, end.month, first.day)
        return begun or first
    return first


def _joined(words: Table, between: str) -> bool:
    """Whether nothing but "through", "to" or a dash stands between two days."""
    left = between.strip()
    return left in ("-", "–") or any(
        pattern.expression.fullmatch(left) for pattern in words.patterns.get("spans", ())
    )


def _within(hit: Hit, parts: Sequence[Hit]) -> bool:
    """Whether a longer part of day holds the hit ("mañana" in "en la mañana")."""
    return any(
        part.start <= hit.start and hit.end <= part.end and part.end - part.start > hit.end - hit.start
        for part in parts
    )


def _is_surname(hit: Hit, folded: str, titles: Sequence[Hit]) -> bool:
    """Mr. Domingo is no Sunday."""
    return hit.name in ("weekday", "month_day") and any(
        not folded[t.end : hit.start].strip() and t.end <= hit.start for t in titles
    )
