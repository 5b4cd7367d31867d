"""Points in time as staff read them: in words, and absolute in the school's zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time, format_timedelta
from flask import g

from bot.console.texts import LOCALES, translate

A_MINUTE = timedelta(minutes=1)


def absolute(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Weekday, day and time: "Mon, Nov 23, 2:30 PM"; with the year where it is not this one."""
    local = moment.astimezone(zone)
    skeleton = "MMMEd" if local.year == now.astimezone(zone).year else "yMMMEd"
    day = format_skeleton(skeleton, local, locale=LOCALES[g.console_language])
    return translate("%(day)s, %(time)s", day=day, time=clock_time(moment, zone))


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """What a field for day and time holds ("2026-11-30T14:00"), in the zone. ValueError when there is no such
    time, also for the hour that is left out when clocks go forward."""
    local = datetime.fromisoformat(text)
    if local.tzinfo is not None:
        raise ValueError("a time in the school's zone has no zone of its own")
    moment = local.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local:
        raise ValueError(f"{text} is left out in {zone.key}")
    return moment


def field_value(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as such a field wants it."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """The time of day: "2:30 PM"."""
    return format_time(moment.astimezone(zone), "short", locale=LOCALES[g.console_language])


def in_words(moment: datetime, now: datetime) -> str:
    """How far away: "in 3 hours", "2 days ago"."""
    if abs(moment - now) < A_MINUTE:
        return translate("just now")
    return format_timedelta(
        moment - now, granularity="minute", add_direction=True, locale=LOCALES[g.console_language]
    )


def due_in_words(due_at: datetime, now: datetime) -> str:
    """How a due time stands: "Due in 3 hours", "Overdue by 2 days"."""
    if abs(due_at - now) < A_MINUTE:
        return translate("Due now")
    span = format_timedelta(abs(due_at - now), granularity="minute", locale=LOCALES[g.console_language])
    if due_at < now:
        return translate("Overdue by %(span)s", span=span)
    return translate("Due in %(span)s", span=span)


def local_day(moment: datetime, zone: ZoneInfo) -> str:
    """The day, for the lines between messages: "Monday, November 23"."""
    return format_skeleton("MMMMEEEEd", moment.astimezone(zone), locale=LOCALES[g.console_language])
