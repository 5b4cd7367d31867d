"""What staff may see of a family: every link between an adult and a child, and whose pupil the child is."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from bot.storage.people import Enrollment, Guardianship, Student


def list_links(session: Session, guardian_id: int) -> Sequence[Guardianship]:
    """What a guardian is to active students, those marked no-contact included: staff must be warned of them."""
    query = (
        select(Guardianship)
        .join(Guardianship.student)
        .where(Guardianship.guardian_id == guardian_id, Student.active)
        .options(joinedload(Guardianship.student).joinedload(Student.school))
        .order_by(Student.given_name, Student.id)
    )
    return session.scalars(query).all()


def list_students_taught(session: Session, staff_id: int) -> frozenset[int]:
    """The students (ids) in the classes that a member of staff teaches."""
    teaching, learning = aliased(Enrollment), aliased(Enrollment)
    query = (
        select(learning.student_id)
        .join(teaching, teaching.class_id == learning.class_id)
        .where(teaching.staff_id == staff_id, learning.student_id.is_not(None))
    )
    return frozenset(found for found in session.scalars(query) if found is not None)
