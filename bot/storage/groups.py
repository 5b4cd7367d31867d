"""Groups of students that staff keep: the band, a bus. Who is in one, and what it was called when it is gone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from bot.storage.base import Base, Keyed
from bot.storage.people import StaffMember, Student

_STANDS = text("removed_at is null")


class StudentGroup(Keyed, Base):
    """A named group. A removed one keeps its name, so that what was sent to it stays readable, but no members.

    `name_key` is the name as it is compared. `leader_id` is the member of staff whose group it is.
    """

    __tablename__ = "student_groups"
    __table_args__ = (
        Index("uq_student_groups_standing", "name_key", unique=True,
              sqlite_where=_STANDS, postgresql_where=_STANDS),
    )  # fmt: skip

    name: Mapped[str]
    name_key: Mapped[str]
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"), index=True)
    made_by: Mapped[str]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    leader: Mapped[StaffMember | None] = relationship()


class StudentGroupMember(Keyed, Base):
    """A student in a group."""

    __tablename__ = "student_group_members"
    __table_args__ = (UniqueConstraint("group_id", "student_id"),)

    group_id: Mapped[int] = mapped_column(ForeignKey("student_groups.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)


def list_groups(session: Session) -> Sequence[tuple[StudentGroup, int]]:
    """The groups that stand, by name, each with how many active students are in it."""
    members = (
        select(StudentGroupMember.group_id, func.count().label("members"))
        .join(Student, Student.id == StudentGroupMember.student_id)
        .where(Student.active)
        .group_by(StudentGroupMember.group_id)
        .subquery()
    )
    rows = session.execute(
        select(StudentGroup, func.coalesce(members.c.members, 0))
        .outerjoin(members, members.c.group_id == StudentGroup.id)
        .where(StudentGroup.removed_at.is_(None))
        .options(joinedload(StudentGroup.leader))
        .order_by(StudentGroup.name_key)
    )
    return [(row[0], row[1]) for row in rows]


def find_group(session: Session, name_key: str) -> StudentGroup | None:
    """The group of this name that stands."""
    query = select(StudentGroup).where(StudentGroup.name_key == name_key, StudentGroup.removed_at.is_(None))
    return session.scalars(query).one_or_none()


def group_names(session: Session, keys: Collection[int]) -> Sequence[str]:
    """The names of groups, removed ones too; by name."""
    query = select(StudentGroup.name).where(StudentGroup.id.in_(keys)).order_by(StudentGroup.name_key)
    return session.scalars(query).all() if keys else ()


def led_by(session: Session, staff_id: int) -> frozenset[int]:
    """Keys of the groups that stand and are somebody's own."""
    query = select(StudentGroup.id).where(
        StudentGroup.leader_id == staff_id, StudentGroup.removed_at.is_(None)
    )
    return frozenset(session.scalars(query))


def members_of(session: Session, group_id: int) -> Sequence[Student]:
    """The active students in a group, by name."""
    query = (
        select(Student)
        .join(StudentGroupMember, StudentGroupMember.student_id == Student.id)
        .where(StudentGroupMember.group_id == group_id, Student.active)
        .order_by(Student.family_name, Student.given_name, Student.id)
    )
    return session.scalars(query).all()


def set_members(session: Session, group_id: int, students: Collection[int]) -> None:
    """These students are in the group, and no others."""
    session.execute(delete(StudentGroupMember).where(StudentGroupMember.group_id == group_id))
    if students:
        rows = [{"group_id": group_id, "student_id": key} for key in students]
        session.execute(insert(StudentGroupMember), rows)
