"""Who gets a broadcast: one text a line and language, about the children its readers may be told of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from bot.school.broadcasts.audience import Audience
from bot.school.broadcasts.classrooms import NOWHERE, Classroom, classrooms
from bot.school.broadcasts.reasons import NO_ADDRESS, NO_CONTACT, NO_RECORDS, OF_AGE, STOPPED
from bot.school.guardians import is_of_age
from bot.school.reminders import NOT_TEXTED
from bot.storage.consents import stopped_lines
from bot.storage.given import LINES, on_lines, pack
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


class Child(NamedTuple):
    """A child a text is about. What the roster does not know is empty."""

    student_id: int
    name: str
    school: str = ""
    classroom: Classroom = NOWHERE


class Household(NamedTuple):
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
        return [self._replace(children=(child,), about_child=child.student_id) for child in self.children]

    @property
    def key(self) -> tuple[int | None, int]:
        """What tells the texts of one broadcast apart."""
        return self.contact_id, self.about_child

    @property
    def line(self) -> str:
        """What is written to, once for all who share it."""
        return f"{self.channel}:{self.address}"


Line = tuple[str, str]


class _Link(NamedTuple):
    """One guardian's link to one student, with one address (or none). As plain values: many thousand are read."""

    guardian_id: int
    given_name: str
    family_name: str
    contact_id: int | None
    channel: str
    address: str
    language: str
    no_contact: bool
    may_receive_records: bool
    student_id: int
    child: str
    birth_date: date | None
    school: str | None


_COLUMNS: tuple[Any, ...] = (
    Guardian.id, Guardian.given_name, Guardian.family_name, Contact.id, Contact.channel, Contact.address,
    func.coalesce(func.nullif(Contact.language, ""), Guardian.language), Guardianship.no_contact,
    Guardianship.may_receive_records, Student.id, Student.given_name, Student.birth_date, Org.name,
)  # fmt: skip
_TEXTED = and_(Contact.active, Contact.channel.not_in(NOT_TEXTED))
_READ_AHEAD = 1000
"""Rows fetched at once while households are told one after another."""


def find_households(
    session: Session, scope: Scope, lines: Collection[Line] | None = None
) -> Sequence[Household]:
    """All households of a scope, those left out too, ordered so that a line's stand together.

    `lines` (channel, address) narrows to some. A child is never written about on a line that somebody
    shares who must not be told of it.
    """
    query = _everybody(scope.audience) if lines is None else _some(scope.audience)
    found = session.connection().execute(query, {"lines": pack(lines or ())})
    links = [_Link._make(row) for row in found]
    households = list(_households(links, scope, stopped_lines(session, lines)))
    return with_classrooms(session, scope, households, all_of_them=lines is None)


def walk_households(session: Session, scope: Scope) -> Iterator[Household]:
    """The same one after another, without their classrooms (`with_classrooms`): a large district never stands in
    memory as a whole."""
    stopped = stopped_lines(session)
    query, ahead = _everybody(scope.audience), {"yield_per": _READ_AHEAD}
    links = session.connection().execute(query, execution_options=ahead)
    return _households(map(_Link._make, links), scope, stopped)


def with_classrooms(
    session: Session, scope: Scope, households: Sequence[Household], *, all_of_them: bool = False
) -> Sequence[Household]:
    """The same households; where the scope asks for it, with their children's classes and teachers. `all_of_them`:
    these are all of the audience, so that its students need not be named."""
    if not scope.classrooms:
        return households
    students = None if all_of_them else {one.student_id for home in households for one in home.children}
    rooms = classrooms(session, scope.audience, students)
    return [
        home._replace(
            children=tuple(
                one._replace(classroom=rooms.get(one.student_id, NOWHERE)) for one in home.children
            )
        )
        for home in households
    ]


def _everybody(audience: Audience) -> Select[Any]:
    """Every link of an active guardian to a student who is meant, with each address that can be texted."""
    query = (
        select(*_COLUMNS).select_from(Guardianship).join(Guardian, Guardian.id == Guardianship.guardian_id)
    )
    return _meant(query, audience).outerjoin(Contact, and_(Contact.guardian_id == Guardian.id, _TEXTED))


def _some(audience: Audience) -> Select[Any]:
    """The same for the lines that are given alone."""
    at = and_(on_lines(Contact), _TEXTED)
    query = (
        select(*_COLUMNS)
        .select_from(LINES)
        .join(Contact, at)
        .join(Guardian, Guardian.id == Contact.guardian_id)
    )
    return _meant(query.join(Guardianship, Guardianship.guardian_id == Guardian.id), audience)


def _meant(query: Select[Any], audience: Audience) -> Select[Any]:
    return (
        query.join(Student, Student.id == Guardianship.student_id)
        .outerjoin(Org, Org.id == Student.school_id)
        .where(Guardianship.active, Guardian.active, audience.students())
        .order_by(Contact.channel, Contact.address, Contact.id, Guardian.id, Student.given_name, Student.id)
    )


def _households(links: Iterable[_Link], scope: Scope, stopped: frozenset[Line]) -> Iterator[Household]:
    for line, theirs in groupby(links, key=_line):
        found = _of_line(line, list(theirs), scope, line in stopped)
        if scope.each_child:
            found = (one for household in found for one in household.by_child())
        yield from found


def _line(link: _Link) -> Line:
    # Without an address each guardian stands alone.
    return (link.channel, link.address) if link.contact_id else ("guardian", str(link.guardian_id))


def _of_line(line: Line, links: Sequence[_Link], scope: Scope, stopped: bool) -> Iterator[Household]:
    barred: dict[int, str] = {}
    by_language: dict[str, list[_Link]] = {}
    for link in links:
        by_language.setdefault(link.language, []).append(link)
        reason = _bar(link, scope)
        if reason is not None and (reason == NO_CONTACT or link.student_id not in barred):
            barred[link.student_id] = reason
    wanted = scope.audience.languages
    for language, group in by_language.items():
        if not wanted or language in wanted:
            yield _household(line, group, barred, stopped)


def _bar(link: _Link, scope: Scope) -> str | None:
    if link.no_contact:
        return NO_CONTACT
    if not scope.tells_of_children:
        return None
    if is_of_age(link.birth_date, scope.today):
        return OF_AGE
    return None if link.may_receive_records else NO_RECORDS


def _household(
    line: Line,
    group: Sequence[_Link],
    barred: Mapping[int, str],
    stopped: bool,
) -> Household:
    first, (channel, address) = group[0], line
    told = {link.student_id: link for link in group if link.student_id not in barred}
    reason = None if told else barred[first.student_id]
    if first.contact_id is None:
        reason = NO_ADDRESS
    elif stopped:
        reason = STOPPED
    children = [Child(key, link.child, link.school or "") for key, link in told.items()]
    name = f"{first.given_name} {first.family_name}"
    return Household(
        first.contact_id, first.guardian_id, name, channel, address, first.language, tuple(children), reason
    )
