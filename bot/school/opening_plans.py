"""Openings as the office enters them: some hours of a day, cut into conferences of one length."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.model.errors import BadInput, NotFound, Taken
from bot.school.openings import MODES
from bot.storage.conferences import Opening, list_overlapping
from bot.storage.people import find_staff_by_source_id

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Some hours of a day in the school's zone. `place`: None is the school of the member of staff.

    `closed_days` are those of the district: nobody is met on them.
    """

    day: date
    begins: time
    ends: time
    length: timedelta
    modes: Sequence[str] = MODES
    place: str | None = None
    closed_days: Collection[date] = ()


def add_opening_hours(
    session: Session, staff_source_id: str, hours: OpeningHours, now: datetime, zone: ZoneInfo
) -> Sequence[Opening]:
    """Store as many openings, one after another, as the hours hold; all of them or, on any error, none.

    NotFound: no such person in the roster. BadInput: hours, length or modes make no sense, or are past.
    Taken: the person has an opening in these hours already.
    """
    _check(hours)
    staff = find_staff_by_source_id(session, staff_source_id, locked=True)
    if staff is None:
        raise NotFound(f"The roster has no active member of staff {staff_source_id!r}.")
    times = list(_cut(hours, zone))
    if not times or times[0][0] <= now:
        raise BadInput(f"{_when(hours)}: there is no room for a conference, or it would begin in the past.")
    for other in list_overlapping(session, staff.id, times[0][0], times[-1][1]):
        at = other.starts_at.astimezone(zone)
        raise Taken(f"{staff_source_id} has an opening at {at:%Y-%m-%d %H:%M} already; none was added.")
    place = hours.place if hours.place is not None else (staff.school.name if staff.school else "")
    modes = ",".join(mode for mode in MODES if mode in hours.modes)
    openings = [
        Opening(staff_id=staff.id, starts_at=begins, ends_at=ends, modes=modes, place=place)
        for begins, ends in times
    ]
    session.add_all(openings)
    session.flush()
    return openings


def _check(hours: OpeningHours) -> None:
    if hours.day in hours.closed_days:
        raise BadInput(f"The schools are closed on {hours.day}; choose another day, or change CLOSED_DAYS.")
    if hours.ends <= hours.begins:
        raise BadInput(f"{_when(hours)}: the end is not after the beginning.")
    if not SHORTEST <= hours.length <= LONGEST:
        raise BadInput("A conference lasts 5 to 240 minutes.")
    unknown = [mode for mode in hours.modes if mode not in MODES]
    if unknown or not hours.modes:
        raise BadInput(f"Ways of meeting are {', '.join(MODES)}, one or more; not {', '.join(unknown)!r}.")


def _cut(hours: OpeningHours, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    begins, end = _moment(hours, hours.begins, zone), _moment(hours, hours.ends, zone)
    while begins + hours.length <= end:
        yield begins, begins + hours.length
        begins += hours.length


def _moment(hours: OpeningHours, at: time, zone: ZoneInfo) -> datetime:
    local = datetime.combine(hours.day, at, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise BadInput(f"{_when(hours)}: the clocks are changed that night, and {at:%H:%M} does not exist.")
    return moment


def _when(hours: OpeningHours) -> str:
    return f"{hours.day}, {hours.begins:%H:%M} to {hours.ends:%H:%M}"
