"""What the roster offers to choose from when somebody says whom a broadcast is for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, exists, func, select, true
from sqlalchemy.orm import Session

from bot.storage.people import Contact, Enrollment, Guardian, Org, SchoolClass, Student


def list_schools(session: Session) -> Sequence[Org]:
    """All schools, by name."""
    return session.scalars(select(Org).where(Org.type == "school").order_by(Org.name)).all()


def taught_by(session: Session, staff_id: int) -> Sequence[int]:
    """Keys of the classes somebody teaches."""
    query = select(Enrollment.class_id).where(Enrollment.staff_id == staff_id, Enrollment.active)
    return session.scalars(query.distinct()).all()


def classes_of_schools(session: Session, schools: Collection[int]) -> Sequence[SchoolClass]:
    """The classes of some schools that have students."""
    return _classes(session, SchoolClass.school_id.in_(schools)) if schools else ()


def classes_with_keys(session: Session, keys: Collection[int]) -> Sequence[SchoolClass]:
    """Those of these classes that have students."""
    return _classes(session, SchoolClass.id.in_(keys)) if keys else ()


def list_grades(session: Session, *, school: int | None = None) -> Sequence[str]:
    """The grades active students are in, of all schools or one."""
    of_school = true() if school is None else Student.school_id == school
    query = select(Student.grade).where(Student.active, Student.grade.is_not(None), of_school)
    return sorted({grade for grade in session.scalars(query.distinct()) if grade})


def list_languages(session: Session) -> Sequence[str]:
    """Tags of the languages families read."""
    read = func.coalesce(Contact.language, Guardian.language)
    query = select(read).join(Guardian, Guardian.id == Contact.guardian_id)
    return sorted(session.scalars(query.where(Contact.active, Guardian.active).distinct()))


def _classes(session: Session, which: ColumnElement[bool]) -> Sequence[SchoolClass]:
    taken = exists().where(
        Enrollment.class_id == SchoolClass.id, Enrollment.active, Enrollment.student_id.is_not(None)
    )
    return session.scalars(
        select(SchoolClass).where(which, taken).order_by(SchoolClass.title, SchoolClass.id)
    ).all()
