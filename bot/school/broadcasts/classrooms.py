"""A child's class and teacher, as far as a broadcast may speak of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.school.broadcasts.audience import Audience
from bot.storage.base import BigKey
from bot.storage.given import given, pack
from bot.storage.people import Enrollment, SchoolClass, StaffMember, Student

HOMEROOM = "homeroom"


@dataclass(frozen=True, slots=True)
class Classroom:
    """Titles of classes and names of their teachers, one for each class."""

    titles: tuple[str, ...] = ()
    teachers: tuple[str, ...] = ()


NOWHERE = Classroom()
"""Of a child the roster places in no class."""
_STUDENTS = given("students", id=BigKey)
_CLASSES = given("classes", id=BigKey)


def classrooms(
    session: Session, audience: Audience, students: Collection[int] | None = None
) -> Mapping[int, Classroom]:
    """The classes a text to this audience is about, by student: those it names, else the child's homeroom.

    `students` narrows to some of the audience.
    """
    meant = SchoolClass.id.in_(audience.classes) if audience.classes else SchoolClass.class_type == HOMEROOM
    query = (
        select(Student.id, SchoolClass.id, SchoolClass.title)
        .select_from(Enrollment)
        .join(SchoolClass, SchoolClass.id == Enrollment.class_id)
        .join(Student, Student.id == Enrollment.student_id)
        .where(meant, Enrollment.active, audience.students())
        .order_by(SchoolClass.title, SchoolClass.id)
    )
    if students is not None:
        query = query.join(_STUDENTS, _STUDENTS.c.id == Enrollment.student_id)
    rows = session.execute(query, {"students": pack([key] for key in students or ())}).all()
    led_by = _teachers(session, {row[1] for row in rows})
    titles: dict[int, list[str]] = defaultdict(list)
    names: dict[int, list[str]] = defaultdict(list)
    for student_id, class_id, title in rows:
        titles[student_id].append(title)
        if class_id in led_by:
            names[student_id].append(led_by[class_id])
    return {key: Classroom(tuple(titles[key]), tuple(names[key])) for key in titles}


def _teachers(session: Session, classes: Collection[int]) -> Mapping[int, str]:
    """The active teacher of each of these classes: the one who leads it, else the first."""
    query = (
        select(Enrollment.class_id, StaffMember.given_name, StaffMember.family_name)
        .join(_CLASSES, _CLASSES.c.id == Enrollment.class_id)
        .join(StaffMember, StaffMember.id == Enrollment.staff_id)
        .where(Enrollment.active, StaffMember.active)
        .order_by(Enrollment.primary_teacher, Enrollment.id.desc())
    )
    rows = session.execute(query, {"classes": pack([key] for key in classes)}).all()
    return {class_id: f"{given} {family}" for class_id, given, family in rows}
