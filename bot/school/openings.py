"""Openings: the free times of teachers and counselors, offered fairly."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.model.errors import NotFound
from bot.storage.conferences import Opening, list_free_openings, list_live_appointments

NOTICE = timedelta(hours=2)
"""No opening sooner than this is offered: teachers need to hear of it."""
AHEAD = timedelta(days=60)
AT_A_TIME = 3
MODES = ("in_person", "phone", "video")


def next_openings(
    free: Sequence[Opening], seen: Collection[int], zone: ZoneInfo
) -> tuple[Sequence[Opening], bool]:
    """The next three of these that were not offered yet, in order of time, and whether there are more.

    Spread over days: three slots of one afternoon would be no choice for somebody who works then.
    """
    left = [opening for opening in free if opening.id not in seen]
    chosen = spread(left, zone)[:AT_A_TIME]
    return sorted(chosen, key=lambda opening: (opening.starts_at, opening.id)), len(left) > len(chosen)


def free_openings(
    session: Session, staff_ids: Sequence[int], guardian_id: int, now: datetime
) -> list[Opening]:
    """All that can be booked, in order of time, but those at which the guardian has another conference."""
    busy = [appointment.opening for appointment in list_live_appointments(session, [guardian_id], now)]
    return [
        opening
        for opening in list_free_openings(session, staff_ids, now + NOTICE, now + AHEAD)
        if not any(_overlap(opening, other) for other in busy)
    ]


def _overlap(one: Opening, other: Opening) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def spread(openings: Sequence[Opening], zone: ZoneInfo) -> list[Opening]:
    """The first of each day, then the second of each day, and so on."""
    rank: dict[object, int] = {}
    ranked = []
    for place, opening in enumerate(openings):
        day = opening.starts_at.astimezone(zone).date()
        rank[day] = rank.get(day, 0) + 1
        ranked.append((rank[day], place, opening))
    return [opening for _, _, opening in sorted(ranked, key=lambda entry: entry[:2])]


def find_opening(session: Session, opening_id: object, staff_ids: Sequence[int], now: datetime) -> Opening:
    """The opening with this key, if it is one of these people's and still to come; NotFound otherwise."""
    opening = session.get(Opening, opening_id) if isinstance(opening_id, int) else None
    if opening is None or opening.staff_id not in staff_ids or opening.starts_at <= now:
        raise NotFound(f"no opening {opening_id!r} to be offered")
    return opening


def modes_of(opening: Opening) -> tuple[str, ...]:
    """The ways a conference in this opening can be held."""
    offered = {mode.strip() for mode in opening.modes.split(",")}
    return tuple(mode for mode in MODES if mode in offered) or MODES
