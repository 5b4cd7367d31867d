"""When a guardian wants to be texted, and in which zone: what was set by staff, beside what the roster says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ForeignKey, Select, Subquery, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Keyed
from bot.storage.given import LINES, on_lines, pack
from bot.storage.people import Contact, Guardian

Line = tuple[str, str]
_Habits = Select[str, str, time | None, time | None, str]


class GuardianRest(Keyed, Base):
    """A guardian's own hours: texts nobody asked for come not before and not after these times of day.

    `time_zone` (IANA) wins over the roster's. `set_by` is a user name, or "operator".
    """

    __tablename__ = "guardian_rests"

    guardian_id: Mapped[int] = mapped_column(ForeignKey("guardians.id"), unique=True)
    not_before: Mapped[time | None]
    not_after: Mapped[time | None]
    time_zone: Mapped[str | None]
    set_by: Mapped[str]
    set_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Habit:
    """What is known of one guardian on a line. An empty zone is the school's."""

    not_before: time | None
    not_after: time | None
    zone: str | None


def find_rest(session: Session, guardian_id: int) -> GuardianRest | None:
    """What staff set for a guardian."""
    return session.scalars(select(GuardianRest).where(GuardianRest.guardian_id == guardian_id)).one_or_none()


def habits_by_line(session: Session, lines: Collection[Line] | None = None) -> Mapping[Line, Sequence[Habit]]:
    """The habits of the guardians on these lines, or on all; lines of whom nothing is known are left out."""
    found: dict[Line, list[Habit]] = defaultdict(list)
    query, values = (_OF_ALL, {}) if lines is None else (_OF_LINES, {"lines": pack(lines)})
    for row in session.connection().execute(query, values):
        found[row[0], row[1]].append(Habit(*row[2:]))
    return {line: told for line, habits in found.items() if (told := _told(habits))}


def _told(habits: Sequence[Habit]) -> Sequence[Habit]:
    return habits if any(habit != Habit(None, None, None) for habit in habits) else ()


def _special(query: Any) -> Subquery:
    """The lines of a query that begins with contacts on which somebody has hours or a zone of their own: few."""
    own = or_(GuardianRest.id.is_not(None), Guardian.time_zone.is_not(None))
    found: Subquery = _with_rests(query).where(own, Contact.active).distinct().subquery()
    return found


def _habits(lines: Subquery) -> _Habits:
    """What everybody on these lines is used to."""
    zone = func.coalesce(GuardianRest.time_zone, Guardian.time_zone)
    columns = select(Contact.channel, Contact.address, GuardianRest.not_before, GuardianRest.not_after, zone)
    query = _with_rests(columns.select_from(lines).join(Contact, on_lines(Contact, lines)))
    found: _Habits = query.where(Contact.active, Guardian.active)
    return found


def _with_rests(query: Any) -> Any:
    """The guardian of each contact, and the hours staff set, if any."""
    return query.join(Guardian, Guardian.id == Contact.guardian_id).outerjoin(
        GuardianRest, GuardianRest.guardian_id == Guardian.id
    )


_LINE = (Contact.channel, Contact.address)
# Every unasked text asks this before it leaves: built once.
_OF_ALL = _habits(_special(select(*_LINE)))
_OF_LINES = _habits(_special(select(*_LINE).select_from(LINES).join(Contact, on_lines(Contact))))
