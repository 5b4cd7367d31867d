"""Whom an author may write to, as a form offers it. `audience.check_reach` has the last word."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from bot.model.errors import BadInput
from bot.school.broadcasts.audience import Audience, check_reach
from bot.storage import broadcast_choices as roster
from bot.storage.groups import led_by, list_groups
from bot.storage.people import SchoolClass, StaffMember
from bot.storage.saved_audiences import SavedAudience, list_saved

DISTRICT, SCHOOL, CLASSES = "district", "school", "classes"


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen from. Schools, groups and saved audiences by key.

    `reach`: DISTRICT (everybody), SCHOOL (the families of the one school in `schools`, which is always meant)
    or CLASSES (families of classes that must be named).
    """

    reach: str
    schools: Mapping[int, str]
    grades: Sequence[str]
    languages: Sequence[str]
    taught: Sequence[int] = ()
    groups: Mapping[int, str] = field(default_factory=dict)
    saved: Mapping[int, SavedAudience] = field(default_factory=dict)


def read_choices(session: Session, author: StaffMember) -> Choices:
    """What this author may choose from: a teacher's own groups, and saved audiences that reach no further than he."""
    found = _rosters_part(session, author)
    own = led_by(session, author.id) if found.reach == CLASSES else None
    groups = {row.id: row.name for row, _ in list_groups(session) if own is None or row.id in own}
    saved = {row.id: row for row in list_saved(session) if _reaches(session, author, row)}
    return replace(found, groups=groups, saved=saved)


def _reaches(session: Session, author: StaffMember, row: SavedAudience) -> bool:
    try:
        check_reach(session, author, Audience.from_json(row.audience))
    except BadInput:
        return False
    return True


def _rosters_part(session: Session, author: StaffMember) -> Choices:
    languages = roster.list_languages(session)
    if author.role == "teacher":
        return Choices(CLASSES, {}, (), languages, roster.taught_by(session, author.id))
    school = author.school
    if school is not None and school.type == "school":
        return Choices(
            SCHOOL, {school.id: school.name}, roster.list_grades(session, school=school.id), languages
        )
    schools = {row.id: row.name for row in roster.list_schools(session)}
    return Choices(DISTRICT, schools, roster.list_grades(session), languages)


def classes_to_offer(
    session: Session, choices: Choices, schools: Collection[int], named: Collection[int] = ()
) -> Sequence[SchoolClass]:
    """The classes that can be named: one's own, the school's, or those of the schools chosen and those `named`."""
    if choices.reach == CLASSES:
        return roster.classes_with_keys(session, choices.taught)
    if choices.reach == SCHOOL:
        return roster.classes_of_schools(session, choices.schools)
    offered = roster.classes_of_schools(session, [key for key in schools if key in choices.schools])
    known = {row.id for row in offered}
    return [*offered, *roster.classes_with_keys(session, [key for key in named if key not in known])]
