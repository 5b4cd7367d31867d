"""When each line may get unasked texts: the district's hours of rest, and each guardian's own.

Both are read on the wall of whoever holds the telephone: in the zone staff set or the roster names, else in
the school's. Where several share a telephone, it rests while any of them does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.orm import Session

from bot.model.errors import BadInput
from bot.school.policy import Policy
from bot.school.quiet_hours import QuietHours
from bot.storage.people import Guardian
from bot.storage.rests import GuardianRest, Habit, Line, find_rest, habits_by_line
from bot.storage.staff import AuditEvent, record_audit

NEVER_AWAKE = "No hour of the day is allowed both by the district and by those who share this telephone."
LONGEST_WAIT = timedelta(days=3)
"""All windows turn with the day: where no hour is common within three days, none ever is."""

MIDNIGHT = time(0)
Windows = tuple[QuietHours, ...]


@dataclass(frozen=True, slots=True)
class OwnHours:
    """A guardian's own hours: texts come not before and not after these times of day in his or her zone.

    None: no limit of one's own; the school's or the roster's zone. `not_after` before `not_before` goes over midnight.
    """

    not_before: time | None = None
    not_after: time | None = None
    zone: str | None = None


def next_common(windows: Windows, moment: datetime) -> datetime | None:
    """The first moment from this one on at which none of the windows rests, in UTC; None when there is none."""
    allowed = moment.astimezone(UTC)
    while any(window.covers(allowed) for window in windows):
        allowed = max(window.next_allowed(allowed) for window in windows)
        if allowed - moment > LONGEST_WAIT:
            return None
    return allowed


def windows_by_line(
    session: Session, lines: Collection[Line] | None, district: QuietHours
) -> Mapping[Line, Windows]:
    """The hours in which each of these lines, or (None) of all, rests: every guardian's own, in the own zone.

    A line that is not among them has the district's hours alone.
    """
    return {line: _windows(habits, district) for line, habits in habits_by_line(session, lines).items()}


def set_hours(
    session: Session, guardian: Guardian, hours: OwnHours, district: QuietHours, *, actor: str, now: datetime
) -> None:
    """Keep a guardian's own hours; nothing set takes away what was. Audited.

    BadInput: no such zone, or no hour is left in which a text may come at all.
    """
    zone = _known_zone(hours.zone)
    own = _windows([Habit(hours.not_before, hours.not_after, zone or guardian.time_zone)], district)
    if hours.not_before is not None and hours.not_before == hours.not_after:
        raise BadInput("The two times are the same. Leave both empty where any time is right.")
    if next_common(own, now) is None:
        raise BadInput("Together with the district's hours of rest no time would be left.")
    row = find_rest(session, guardian.id)
    if hours == OwnHours():
        if row is not None:
            session.delete(row)
    else:
        row = row or GuardianRest(guardian_id=guardian.id)
        row.not_before, row.not_after, row.time_zone = hours.not_before, hours.not_after, zone
        row.set_by, row.set_at = actor, now
        session.add(row)
    session.flush()
    record_audit(session, AuditEvent(
        at=now, actor=actor, deed="set_own_hours", subject_kind="guardian", subject_id=guardian.id, detail=_told(hours),
    ))  # fmt: skip


def read_hours(session: Session, guardian_id: int) -> OwnHours:
    """A guardian's own hours as staff set them."""
    row = find_rest(session, guardian_id)
    return OwnHours(row.not_before, row.not_after, row.time_zone) if row else OwnHours()


def _told(hours: OwnHours) -> dict[str, str]:
    parts = {"not_before": hours.not_before, "not_after": hours.not_after, "zone": hours.zone}
    return {name: str(value) for name, value in parts.items() if value is not None}


def _known_zone(name: str | None) -> str | None:
    if not name:
        return None
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(f"{name!r} is no time zone; write a name such as America/Chicago.") from error


def _windows(habits: Sequence[Habit], district: QuietHours) -> Windows:
    found = [window for habit in habits for window in _of_habit(habit, district)]
    return tuple(dict.fromkeys(found)) or (district,)


def _of_habit(habit: Habit, district: QuietHours) -> Sequence[QuietHours]:
    zone = ZoneInfo(habit.zone) if habit.zone else district.zone
    theirs = [replace(district, zone=zone)]
    if habit.not_before is not None or habit.not_after is not None:
        theirs.append(QuietHours(habit.not_after or MIDNIGHT, habit.not_before or MIDNIGHT, zone))
    return theirs


def district_rest(policy: Policy, zone: ZoneInfo) -> QuietHours:
    """The district's hours of rest."""
    return QuietHours(policy.quiet_from, policy.quiet_until, zone)
