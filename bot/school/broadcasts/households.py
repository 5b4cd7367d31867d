"""Who gets a broadcast: one text a line and language, about the children its readers may be told of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, select, tuple_
from sqlalchemy.orm import Session

from bot.school.broadcasts.audience import Audience
from bot.school.broadcasts.classrooms import Classroom, classrooms
from bot.school.broadcasts.reasons import NO_ADDRESS, NO_CONTACT, NO_RECORDS, OF_AGE, STOPPED
from bot.school.guardians import is_adult
from bot.school.reminders import NOT_TEXTED
from bot.storage.consents import stopped_lines
from bot.storage.people import Contact, Guardian, Guardianship, Org, Student


@dataclass(frozen=True, slots=True)
class Scope:
    """What decides who gets a text: its audience, and whether it tells something of a child.

    `classrooms` asks for classes and teachers too. `today` is the day in the school's zone. `each_child`: a
    text of its own for every child.
    """

    audience: Audience
    tells_of_children: bool
    classrooms: bool
    today: date
    each_child: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """A child a text is about. What the roster does not know is empty."""

    student_id: int
    name: str
    school: str = ""
    classroom: Classroom = Classroom()


@dataclass(frozen=True, slots=True)
class Household:
    """One text: to a line, in a language, about these children. Left out for a `reason`, if there is one.

    `contact_id` is the first contact with this line and language; `name` that of its guardian. Without an
    address `contact_id` is None. `about_child` is the one student where each child has a text of its own, else 0.
    """

    contact_id: int | None
    guardian_id: int
    name: str
    channel: str
    address: str
    language: str
    children: tuple[Child, ...]
    reason: str | None = None
    about_child: int = 0

    def by_child(self) -> Sequence[Household]:
        """A text for each child; who is left out stays one."""
        if self.reason is not None:
            return [self]
        return [replace(self, children=(child,), about_child=child.student_id) for child in self.children]

    @property
    def key(self) -> tuple[int | None, int]:
        """What tells the texts of one broadcast apart."""
        return self.contact_id, self.about_child

    @property
    def line(self) -> str:
        """What is written to, once for all who share it."""
        return f"{self.channel}:{self.address}"


Line = tuple[str, str]
_Links = Sequence[Row[Any]]
_COLUMNS: tuple[Any, ...] = (
    Guardian.id.label("guardian_id"), Guardian.given_name, Guardian.family_name, Guardian.language.label("spoken"),
    Contact.id.label("contact_id"), Contact.channel, Contact.address, Contact.language,
    Guardianship.no_contact, Guardianship.may_receive_records, Student, Org.name.label("school"),
)  # fmt: skip


def find_households(
    session: Session, scope: Scope, lines: Collection[Line] | None = None
) -> Sequence[Household]:
    """All households of a scope, those left out too, ordered so that a line's stand together.

    `lines` (channel, address) narrows to some. A child is never written about on a line that somebody
    shares who must not be told of it.
    """
    by_line: dict[Line, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_links(scope.audience, lines)):
        # Without an address each guardian stands alone.
        by_line[(row.channel, row.address) if row.contact_id else ("guardian", str(row.guardian_id))].append(
            row
        )
    rooms: Mapping[int, Classroom] = {}
    if scope.classrooms:
        students = {row.Student.id for links in by_line.values() for row in links}
        rooms = classrooms(session, scope.audience, None if lines is None else students)
    stopped = stopped_lines(session, lines)
    found = [
        household
        for line, links in by_line.items()
        for household in _of_line(line, links, scope, rooms, stopped)
    ]
    return [one for household in found for one in household.by_child()] if scope.each_child else found


def _links(audience: Audience, lines: Collection[Line] | None) -> Select[Any]:
    """Every link of an active guardian to a student who is meant, with each address that can be texted."""
    texted = and_(Contact.guardian_id == Guardian.id, Contact.active, Contact.channel.not_in(NOT_TEXTED))
    query = (
        select(*_COLUMNS)
        .select_from(Guardianship)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .join(Student, Student.id == Guardianship.student_id)
        .outerjoin(Org, Org.id == Student.school_id)
        .outerjoin(Contact, texted)
        .where(Guardianship.active, Guardian.active, audience.students())
        .order_by(Contact.channel, Contact.address, Contact.id, Guardian.id, Student.given_name, Student.id)
    )
    return query if lines is None else query.where(tuple_(Contact.channel, Contact.address).in_(list(lines)))


def _of_line(
    line: Line,
    links: _Links,
    scope: Scope,
    rooms: Mapping[int, Classroom],
    stopped: frozenset[Line],
) -> Sequence[Household]:
    barred: dict[int, str] = {}
    for row in links:
        reason = _bar(row, scope)
        if reason is not None and (reason == NO_CONTACT or row.Student.id not in barred):
            barred[row.Student.id] = reason
    by_language: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in links:
        by_language[row.language or row.spoken].append(row)
    wanted = scope.audience.languages
    return [
        _household(line, language, group, barred, rooms, line in stopped)
        for language, group in by_language.items()
        if not wanted or language in wanted
    ]


def _bar(row: Row[Any], scope: Scope) -> str | None:
    if row.no_contact:
        return NO_CONTACT
    if not scope.tells_of_children:
        return None
    if is_adult(row.Student, scope.today):
        return OF_AGE
    return None if row.may_receive_records else NO_RECORDS


def _household(
    line: Line,
    language: str,
    group: _Links,
    barred: Mapping[int, str],
    rooms: Mapping[int, Classroom],
    stopped: bool,
) -> Household:
    first, (channel, address) = group[0], line
    told = {row.Student.id: row for row in group if row.Student.id not in barred}
    reason = None if told else barred[first.Student.id]
    if first.contact_id is None:
        reason = NO_ADDRESS
    elif stopped:
        reason = STOPPED
    return Household(
        contact_id=first.contact_id,
        guardian_id=first.guardian_id,
        name=f"{first.given_name} {first.family_name}",
        channel=channel,
        address=address,
        language=language,
        children=tuple(
            Child(key, row.Student.given_name, row.school or "", rooms.get(key, Classroom()))
            for key, row in told.items()
        ),
        reason=reason,
    )
