"""Conference openings of the demo: rules about weekdays and times → openings in the weeks after today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, joinedload

from bot.model.errors import BadInput
from bot.school.demo.calendar import closed_days
from bot.school.demo.files import read_yaml, take, take_words
from bot.school.openings import MODES
from bot.storage.conferences import Opening
from bot.storage.people import StaffMember

_FILE = "openings.yml"
_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")


@dataclass(frozen=True, slots=True)
class _Block:
    """Some hours on some weekdays, local time."""

    days: frozenset[int]
    begins: time
    ends: time
    modes: str


@dataclass(frozen=True, slots=True)
class _Rules:
    weeks: int
    length: timedelta
    every: timedelta
    roles: tuple[str, ...]
    patterns: tuple[tuple[_Block, ...], ...]


def add_openings(session: Session, folder: Path, now: datetime, zone: ZoneInfo) -> int:
    """Store the openings from now on that are not there yet; how many were added.

    Safe to run again, also weeks later: what is there stays, booked or not. BadInput names a bad rule.
    """
    rules, closed = _read_rules(folder), closed_days(folder)
    query = (
        select(StaffMember)
        .where(StaffMember.role.in_(rules.roles), StaffMember.active)
        .options(joinedload(StaffMember.school))
        .order_by(StaffMember.source_id)
    )
    query_there = select(Opening.staff_id, Opening.starts_at).where(Opening.starts_at > now)
    there = {(staff_id, starts_at) for staff_id, starts_at in session.execute(query_there)}
    rows: list[dict[str, Any]] = []
    for turn, staff in enumerate(session.scalars(query)):
        place = staff.school.name if staff.school else ""
        for starts_at, modes in _times(rules, rules.patterns[turn % len(rules.patterns)], now, zone):
            if (staff.id, starts_at) not in there and starts_at.astimezone(zone).date() not in closed:
                ends_at = starts_at + rules.length
                times = {"staff_id": staff.id, "starts_at": starts_at, "ends_at": ends_at}
                rows.append({**times, "modes": modes, "place": place})
    if rows:
        session.execute(insert(Opening), rows)
    return len(rows)


def _times(
    rules: _Rules, pattern: tuple[_Block, ...], now: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, str]]:
    """The moments (UTC) at which openings begin, each with its modes, in the order of time."""
    today = now.astimezone(zone).date()
    for ahead in range(rules.weeks * 7 + 1):
        day = today + timedelta(days=ahead)
        for block in sorted(pattern, key=lambda block: block.begins):
            if day.weekday() in block.days:
                yield from ((at, block.modes) for at in _starts(rules, block, day, zone) if at > now)


def _starts(rules: _Rules, block: _Block, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    at = datetime.combine(day, block.begins)
    while at + rules.length <= datetime.combine(day, block.ends):
        yield at.replace(tzinfo=zone).astimezone(UTC)
        at += rules.every


def _read_rules(folder: Path) -> _Rules:
    content = read_yaml(folder / _FILE)
    patterns = tuple(
        tuple(_read_block(block) for block in pattern) for pattern in take(content, "patterns", list, _FILE)
    )
    every = take(content, "every", int, _FILE)
    if not patterns or every < 1:
        raise BadInput(f"{_FILE}: there must be a pattern, and every must be 1 minute or more.")
    return _Rules(
        weeks=take(content, "weeks", int, _FILE),
        length=timedelta(minutes=take(content, "minutes", int, _FILE)),
        every=timedelta(minutes=every),
        roles=tuple(take_words(content, "roles", (), _FILE)),
        patterns=patterns,
    )


def _read_block(item: Any) -> _Block:
    days = take_words(item, "days", _DAYS, _FILE)
    return _Block(
        days=frozenset(_DAYS.index(day) for day in days),
        begins=_time(item, "from"),
        ends=_time(item, "to"),
        modes=",".join(take_words(item, "modes", MODES, _FILE)),
    )


def _time(item: Any, key: str) -> time:
    text = take(item, key, str, _FILE)
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f'{_FILE}: {key} should be a time like "15:00", not {text!r}.') from error
