"""When a broadcast is repeated: an iCalendar rule (RFC 5545, 3.3.10) read in the zone of the schools.

A rule speaks of days; the hour is that of the first time, as clocks show it, in summer and in winter. An hour
that clocks leave out in spring is the one an hour later, as RFC 5545 wants it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from bot.model.errors import BadInput

PARTS = ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYSETPOS", "WKST", "COUNT", "UNTIL")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY")
USUAL_WORTH = timedelta(hours=12)
"""How long after its time a repeated text is worth sending, where its author sets nothing."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of the schools: their zone, and those on which they are closed."""

    zone: ZoneInfo
    closed_days: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Repeats:
    """How a new broadcast is to be repeated. `skip_closed`: not on days on which the schools are closed."""

    rule: str
    calendar: Calendar
    skip_closed: bool = True


def read_rule(words: str) -> str:
    """The rule in one spelling. BadInput says what is wrong with it.

    It may have the parts of PARTS; UNTIL is a day, which is still meant.
    """
    parts = _parts(words)
    unknown = sorted(set(parts) - set(PARTS))
    if unknown:
        raise BadInput(f"{', '.join(unknown)} cannot stand in a rule here. It may have {', '.join(PARTS)}.")
    if parts.get("FREQ") not in FREQUENCIES:
        raise BadInput(f"Start the rule with FREQ= one of {', '.join(FREQUENCIES)}.")
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadInput("Say COUNT or UNTIL, not both.")
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        if int(parts.get("INTERVAL", "1")) < 1:  # the library would never come to an end
            raise ValueError("INTERVAL")
        if "UNTIL" in parts:
            datetime.strptime(parts["UNTIL"], "%Y%m%d")
        first = next(_local(rule, datetime(2026, 1, 1)), None)
    except (ValueError, TypeError) as error:
        raise BadInput(f"{words!r} is no rule: write FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261218.") from error
    if first is None and "UNTIL" not in parts:
        raise BadInput(f"{words!r} never comes.")
    return rule


def moments(rule: str, starts_at: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """All times of a rule from `starts_at` on, in UTC."""
    start = starts_at.astimezone(zone).replace(tzinfo=None)
    for local in _local(rule, start):
        yield local.replace(tzinfo=zone).astimezone(UTC)


def open_moments(
    rule: str, starts_at: datetime, calendar: Calendar, *, skip_closed: bool
) -> Iterator[datetime]:
    """The times of a rule, but for those on closed days where these are skipped."""
    for moment in moments(rule, starts_at, calendar.zone):
        if not skip_closed or moment.astimezone(calendar.zone).date() not in calendar.closed_days:
            yield moment


def _local(rule: str, start: datetime) -> Iterator[datetime]:
    """The times as clocks on the wall show them. A day given for UNTIL is meant to its end."""
    until = _parts(rule).get("UNTIL")
    whole = rule.replace(f"UNTIL={until}", f"UNTIL={until}T235959") if until else rule
    return iter(rrulestr(whole, dtstart=start))


def _parts(words: str) -> Mapping[str, str]:
    text = words.strip().upper().removeprefix("RRULE:")
    pairs = [part.partition("=") for part in text.split(";") if part.strip()]
    names = [name.strip() for name, _, _ in pairs]
    if not pairs or len(set(names)) < len(names) or not all(value.strip() for _, _, value in pairs):
        raise BadInput(f"{words!r} is no rule: write FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261218.")
    return {name.strip(): value.strip() for name, _, value in pairs}
