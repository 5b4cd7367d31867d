"""A series: begun with a draft, live once that is sent, approved once for what it says and to whom."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from bot.model.errors import BadInput, NotFound, Taken
from bot.school.broadcasts.recurrence import USUAL_WORTH, Calendar, Repeats, open_moments, read_rule
from bot.storage.broadcast_series import BroadcastSeries, find_occurrence, lock_series
from bot.storage.broadcasts import Broadcast

SHOWN = 3
"""Coming dates that are shown."""


def begin_series(session: Session, broadcast: Broadcast, repeats: Repeats) -> None:
    """Make a draft the first of a series. BadInput when it has no time, or the rule no meaning."""
    if broadcast.send_at is None:
        raise BadInput("A text that is repeated needs the day and the time of its first one.")
    calendar = repeats.calendar
    worth = broadcast.expires_at - broadcast.send_at if broadcast.expires_at else USUAL_WORTH
    series = BroadcastSeries(
        author_id=broadcast.author_id,
        rule=read_rule(repeats.rule),
        starts_at=broadcast.send_at,
        skip_closed=repeats.skip_closed,
        lasts=int(worth.total_seconds()),
        about_after=_days_between(broadcast, calendar),
        state="draft",
        skipped=[],
        created_at=broadcast.created_at,
    )
    session.add(series)
    session.flush()
    broadcast.series_id = series.id
    first = next(open_times(series, calendar), None)
    if first is None:
        raise BadInput("The rule has no time from the first day on.")
    _place_draft(series, broadcast, first, calendar)


def join_series(session: Session, broadcast: Broadcast, calendar: Calendar) -> None:
    """Make a draft say what a live series says from its next time on. BadInput when it is another's, or over."""
    series = load_series(session, broadcast.series_id or 0)
    if series.author_id != broadcast.author_id:
        raise BadInput("Only who began a series changes what it says.")
    done = series.made_until or broadcast.created_at
    after = max(done, broadcast.created_at)
    moment = next((at for at in open_times(series, calendar) if at > after), None)
    if series.state != "live" or moment is None:
        raise BadInput("The series is over.")
    _place_draft(series, broadcast, moment, calendar)


def open_times(series: BroadcastSeries, calendar: Calendar) -> Iterator[datetime]:
    """All times of a series, past and coming, but for those left out."""
    skipped = set(series.skipped)
    times = open_moments(series.rule, series.starts_at, calendar, skip_closed=series.skip_closed)
    return (moment for moment in times if moment.isoformat() not in skipped)


def coming(
    session: Session, series: BroadcastSeries, calendar: Calendar, now: datetime
) -> Sequence[datetime]:
    """The next dates that are shown; none once the series is over."""
    if series.state not in ("draft", "live"):
        return ()
    times = (moment for moment in open_times(series, calendar) if moment > now)
    return list(islice((at for at in times if not _cancelled(session, series, at)), SHOWN))


def take_place(
    session: Session, broadcast: Broadcast, calendar: Calendar, not_before: datetime
) -> BroadcastSeries:
    """Give a draft of a series the next time that is not dealt with yet; from now on the series is live.

    Taken when it was stopped; BadInput when it has no time left.
    """
    series = load_series(session, broadcast.series_id or 0)
    if series.state not in ("draft", "live"):
        raise Taken(f"Series {series.id} is {series.state}.")
    done = series.made_until
    times = (at for at in open_times(series, calendar) if at >= not_before and (done is None or at > done))
    moment = next(times, None)
    if moment is None:
        raise BadInput("The series has no time left.")
    days = _days_between(broadcast, calendar)
    series.about_after = series.about_after if days is None else days
    assign(series, broadcast, moment, calendar)
    series.state, series.made_until = "live", moment
    return series


def assign(series: BroadcastSeries, broadcast: Broadcast, moment: datetime, calendar: Calendar) -> None:
    """Set the times of a broadcast that is sent at that moment of the series."""
    broadcast.series_id, broadcast.occurrence, broadcast.send_at = series.id, moment, moment
    broadcast.expires_at = moment + timedelta(seconds=series.lasts)
    if series.about_after is not None:
        broadcast.about_on = moment.astimezone(calendar.zone).date() + timedelta(days=series.about_after)


def _place_draft(series: BroadcastSeries, broadcast: Broadcast, moment: datetime, calendar: Calendar) -> None:
    """Show a draft the time it may get: the day it is about moves along, the place is not taken yet."""
    about_on = broadcast.about_on
    assign(series, broadcast, moment, calendar)
    broadcast.occurrence = None
    if series.state == "live" and about_on is not None:
        broadcast.about_on = about_on


def remember_approval(session: Session, broadcast: Broadcast) -> None:
    """Who approved one of a series approved all that say the same to the same."""
    if broadcast.series_id is None:
        return
    series = load_series(session, broadcast.series_id)
    series.approved_by, series.approved_at = broadcast.approved_by, broadcast.approved_at
    series.approved_content = content_mark(broadcast)


def carry_approval(series: BroadcastSeries, broadcast: Broadcast) -> bool:
    """Approve one of a series by the approval the series has, if it says the same to the same. Whether it did."""
    if not broadcast.needs_approval or series.approved_content != content_mark(broadcast):
        return False
    broadcast.approved_by, broadcast.approved_at = series.approved_by, series.approved_at
    return True


def load_series(session: Session, series_id: int) -> BroadcastSeries:
    """The series, locked; NotFound when there is none."""
    series = lock_series(session, series_id)
    if series is None:
        raise NotFound(f"There is no series {series_id}.")
    return series


def content_mark(broadcast: Broadcast) -> str:
    """What an approval holds for: the text, its translations, its readers, its kind."""
    content = (
        broadcast.text, broadcast.language, broadcast.translations, broadcast.audience, broadcast.one_per,
        broadcast.category,
    )  # fmt: skip
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _days_between(broadcast: Broadcast, calendar: Calendar) -> int | None:
    if broadcast.about_on is None or broadcast.send_at is None:
        return None
    return (broadcast.about_on - broadcast.send_at.astimezone(calendar.zone).date()).days


def _cancelled(session: Session, series: BroadcastSeries, moment: datetime) -> bool:
    made = find_occurrence(session, series.id, moment)
    return made is not None and made.state == "cancelled"
