"""The times of a series: each made into a broadcast by the clock, or left out; and the end of a series."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.model.errors import BadInput, Taken
from bot.school.broadcasts import course
from bot.school.broadcasts.audience import Audience, check_reach
from bot.school.broadcasts.drafts import record_deed
from bot.school.broadcasts.preview import Desk, needs_approval
from bot.school.broadcasts.series import assign, carry_approval, load_series, open_times
from bot.storage.broadcast_series import BroadcastSeries, find_occurrence, list_occurrences, pattern_of
from bot.storage.broadcasts import Broadcast
from bot.storage.staff import AuditEvent, record_audit

LEAD = timedelta(hours=1)
"""How long before its time a broadcast of a series is made: it can be looked at and left out till then."""

CLOCK = "clock"
_COPIED = ("author_id", "text", "language", "translations", "translators", "audience", "category", "fallback",
           "saved_audience_id", "one_per")  # fmt: skip


def is_due(series: BroadcastSeries, desk: Desk) -> bool:
    """Whether the clock has something to do for a live series: a time is near, or there is none any more."""
    moment = next(_open(series, desk), None)
    return moment is None or moment <= desk.now + LEAD


def make_next(session: Session, series_id: int, recipients: int, desk: Desk) -> Broadcast | None:
    """The broadcast for the time that is near, made once. None when there is nothing to make.

    Of several times that passed while no clock ran, only the last is made, and only while it is worth
    something. A series whose author may not write to its families any more is stopped. `recipients`: how
    many it reaches now.
    """
    series = load_series(session, series_id)
    if series.state != "live":
        return None
    near = _near(series, desk)
    pattern = pattern_of(session, series_id)
    if not near or pattern is None:
        _end(session, series, "ended", desk.now, CLOCK)
        return None
    moment = near[-1]
    if moment > desk.now + LEAD:
        return None
    series.made_until = moment
    if moment + timedelta(seconds=series.lasts) <= desk.now or find_occurrence(session, series_id, moment):
        return None
    return _make(session, series, pattern, moment, recipients, desk)


def skip_occurrence(session: Session, series_id: int, moment: datetime, actor: str, desk: Desk) -> None:
    """Leave out one coming time of a series. BadInput when there is no such time to come."""
    series = load_series(session, series_id)
    if series.state != "live" or moment <= desk.now or moment not in _until(series, moment, desk):
        raise BadInput("The series has no such time to come.")
    made = find_occurrence(session, series_id, moment)
    if made is not None and made.state != "cancelled":
        course.cancel(session, made.id, actor, desk.now)
    series.skipped = [*series.skipped, moment.isoformat()]
    _record(session, series, "skip_occurrence", actor, desk.now)


def stop_series(session: Session, series_id: int, actor: str, now: datetime) -> None:
    """Make no more of it; what was made and has not begun to leave is cancelled. Taken when it is over."""
    series = load_series(session, series_id)
    if series.state not in ("draft", "live"):
        raise Taken(f"Series {series.id} is {series.state} already.")
    for broadcast in list_occurrences(session, series_id, limit=20):
        if "scheduled" in (broadcast.state, broadcast.paused_from):
            course.cancel(session, broadcast.id, actor, now)
    _end(session, series, "stopped", now, actor)


def _make(
    session: Session,
    series: BroadcastSeries,
    pattern: Broadcast,
    moment: datetime,
    recipients: int,
    desk: Desk,
) -> Broadcast | None:
    try:
        check_reach(session, pattern.author, Audience.from_json(pattern.audience))
    except BadInput:
        _end(session, series, "stopped", desk.now, CLOCK)
        return None
    made = Broadcast(
        **{name: getattr(pattern, name) for name in _COPIED},
        about_on=pattern.about_on, state="scheduled", undo_until=desk.now, created_at=desk.now,
    )  # fmt: skip
    assign(series, made, moment, desk.calendar)
    made.needs_approval = needs_approval(made, recipients, desk.policy)
    if carry_approval(series, made):
        made.override_reason = pattern.override_reason
    session.add(made)
    session.flush()
    record_deed(session, made, "repeat", CLOCK, desk.now)
    return made


def _open(series: BroadcastSeries, desk: Desk) -> Iterator[datetime]:
    done = series.made_until
    return (moment for moment in open_times(series, desk.calendar) if done is None or moment > done)


def _near(series: BroadcastSeries, desk: Desk) -> list[datetime]:
    """The times not dealt with yet that are near or past; the next one, where none is; none at the end."""
    found: list[datetime] = []
    for moment in _open(series, desk):
        if found and moment > desk.now + LEAD:
            break
        found.append(moment)
    return found


def _until(series: BroadcastSeries, last: datetime, desk: Desk) -> list[datetime]:
    found = []
    for moment in open_times(series, desk.calendar):
        if moment > last:
            break
        found.append(moment)
    return found


def _end(session: Session, series: BroadcastSeries, state: str, now: datetime, actor: str) -> None:
    series.state, series.ended_at = state, now
    _record(session, series, "stop_series" if state == "stopped" else "end_series", actor, now)


def _record(session: Session, series: BroadcastSeries, deed: str, actor: str, now: datetime) -> None:
    record_audit(session, AuditEvent(
        at=now, actor=actor, deed=deed, subject_kind="broadcast_series", subject_id=series.id, detail={}
    ))  # fmt: skip
