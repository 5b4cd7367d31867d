"""The names that a family's text may hold: its own people's, the staff's, and pupils' it may speak of."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.storage.people import Contact, Guardian, Guardianship, StaffMember, Student


def list_family_names(session: Session, channel: str, address: str) -> Sequence[str]:
    """Given and family names of everybody tied to a line: its adults, their children, those children's other adults.

    Links that ended or forbid contact count too: a name is a name.
    """
    adults = select(Contact.guardian_id).where(Contact.channel == channel, Contact.address == address)
    children = select(Guardianship.student_id).where(Guardianship.guardian_id.in_(adults))
    others = select(Guardianship.guardian_id).where(Guardianship.student_id.in_(children))
    people = session.execute(
        select(Guardian.given_name, Guardian.family_name)
        .where(or_(Guardian.id.in_(adults), Guardian.id.in_(others)))
        .union(select(Student.given_name, Student.family_name).where(Student.id.in_(children)))
    )
    return [name for row in people for name in row]


def list_staff_names(session: Session) -> Sequence[str]:
    """Given and family names of the active staff."""
    people = session.execute(
        select(StaffMember.given_name, StaffMember.family_name).where(StaffMember.active)
    )
    return [name for row in people for name in row]


def pick_student_names(session: Session, words: Collection[str]) -> Sequence[str]:
    """Those of these words, as written, that are the given or family name of a student."""
    given = session.scalars(select(Student.given_name).where(Student.given_name.in_(words)).distinct())
    family = session.scalars(select(Student.family_name).where(Student.family_name.in_(words)).distinct())
    return [*given, *family]
