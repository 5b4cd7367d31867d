"""When a service is open today. Three answers exist: open, closed, and nobody knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from bot.storage.resources import ResourceHours

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ROUND_THE_CLOCK = (time(0, 0), time(23, 59))
"""HSDS has no sign for 24 hours: this is how directories write it."""

_BYDAY = re.compile(r"([+-]?\d+)?(MO|TU|WE|TH|FR|SA|SU)$")


class Today(StrEnum):
    """What is known of a service's hours on a day."""

    OPEN = "open"
    ALWAYS = "always"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class HoursToday:
    """The answer; `opens_at` and `closes_at` (school's zone) are set when it is OPEN."""

    state: Today
    opens_at: time | None = None
    closes_at: time | None = None


def hours_on(rows: Sequence[ResourceHours], day: date) -> HoursToday:
    """The hours on a day. After `valid_to` hours are not known any more, which is not the same as closed."""
    valid = [row for row in rows if _is_valid(row, day)]
    if not valid:
        return HoursToday(Today.UNKNOWN)
    matching = [row for row in valid if _falls_on(row, day)]
    if not matching:
        return HoursToday(Today.CLOSED)
    known = sorted(
        (row.opens_at, row.closes_at)
        for row in matching
        if row.opens_at is not None and row.closes_at is not None
    )
    if not known:
        return HoursToday(Today.UNKNOWN)
    if ROUND_THE_CLOCK in known:
        return HoursToday(Today.ALWAYS)
    return HoursToday(Today.OPEN, known[0][0], known[-1][1])


def _is_valid(row: ResourceHours, day: date) -> bool:
    begun = row.valid_from is None or row.valid_from <= day
    return begun and (row.valid_to is None or day <= row.valid_to)


def _falls_on(row: ResourceHours, day: date) -> bool:
    """RFC 5545 as far as directories use it: DAILY, WEEKLY with days, MONTHLY with days or counted days."""
    frequency = row.freq.upper()
    if frequency == "DAILY" or not row.byday:
        return frequency in {"DAILY", "WEEKLY"}
    return any(_matches(entry.strip(), day, frequency) for entry in row.byday.upper().split(","))


def _matches(entry: str, day: date, frequency: str) -> bool:
    found = _BYDAY.match(entry)
    if found is None or DAYS.index(found.group(2)) != day.weekday():
        return False
    if frequency != "MONTHLY" or found.group(1) is None:
        return True
    number = int(found.group(1))
    if number > 0:
        return (day.day - 1) // 7 + 1 == number
    return (_days_left(day) // 7) + 1 == -number


def _days_left(day: date) -> int:
    next_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (next_month - timedelta(days=1) - day).days
