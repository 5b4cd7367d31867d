"""The roster: orgs, students, guardians, who may know what about whom, staff, and contacts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, aliased, joinedload, mapped_column, relationship

from bot.storage.base import Base, Keyed
from bot.storage.remembering import remembered


class Org(Keyed, Base):
    """The district or one of its schools."""

    __tablename__ = "orgs"

    source_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    type: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("orgs.id"))


class Student(Keyed, Base):
    """A child (or an eligible student, 18 or over)."""

    __tablename__ = "students"

    source_id: Mapped[str] = mapped_column(unique=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    grade: Mapped[str | None]
    school_id: Mapped[int | None] = mapped_column(ForeignKey("orgs.id"), index=True)
    birth_date: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)

    school: Mapped[Org | None] = relationship()


class Guardian(Keyed, Base):
    """An adult who cares for children of the district. `time_zone` (IANA) is the roster's; None: the school's."""

    __tablename__ = "guardians"

    source_id: Mapped[str] = mapped_column(unique=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    email: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    interpreter_needed: Mapped[bool] = mapped_column(default=False)
    time_zone: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)


class Guardianship(Keyed, Base):
    """What one guardian is to one student. A no-contact mark wins over everything else.

    `active` is false once the roster no longer links the two: then neither may hear of the other.
    """

    __tablename__ = "guardianships"
    __table_args__ = (UniqueConstraint("guardian_id", "student_id"),)

    guardian_id: Mapped[int] = mapped_column(ForeignKey("guardians.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    relationship_kind: Mapped[str] = mapped_column(default="parent")
    contact_order: Mapped[int] = mapped_column(default=1)
    lives_with: Mapped[bool | None]
    custody: Mapped[str | None]
    may_pick_up: Mapped[bool | None]
    may_receive_records: Mapped[bool] = mapped_column(default=True)
    no_contact: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)

    guardian: Mapped[Guardian] = relationship()
    student: Mapped[Student] = relationship()


class Contact(Keyed, Base):
    """One address of one guardian on one channel. Two guardians may share an address."""

    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("guardian_id", "channel", "address"),
        Index("ix_contacts_line", "channel", "address"),
    )

    guardian_id: Mapped[int] = mapped_column(ForeignKey("guardians.id"))
    channel: Mapped[str]
    address: Mapped[str]
    language: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)

    guardian: Mapped[Guardian] = relationship()


class StaffMember(Keyed, Base):
    """Somebody who works for the district, as the roster knows them."""

    __tablename__ = "staff_members"

    source_id: Mapped[str] = mapped_column(unique=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    email: Mapped[str | None]
    role: Mapped[str]
    school_id: Mapped[int | None] = mapped_column(ForeignKey("orgs.id"))
    phone: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)

    school: Mapped[Org | None] = relationship()


class SchoolClass(Keyed, Base):
    """A class section of this term."""

    __tablename__ = "school_classes"

    source_id: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    school_id: Mapped[int] = mapped_column(ForeignKey("orgs.id"))
    class_type: Mapped[str] = mapped_column(default="scheduled")


class Enrollment(Keyed, Base):
    """A student in a class, or a teacher of it (exactly one of the two is set).

    `active` is false once the roster no longer places them there.
    """

    __tablename__ = "enrollments"
    __table_args__ = (
        UniqueConstraint("class_id", "student_id"),
        UniqueConstraint("class_id", "staff_id"),
    )

    class_id: Mapped[int] = mapped_column(ForeignKey("school_classes.id"))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"), index=True)
    primary_teacher: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class RosterImport(Keyed, Base):
    """One run of the roster loader: what it read, what went in, what it refused and why."""

    __tablename__ = "roster_imports"

    started_at: Mapped[datetime]
    source: Mapped[str]
    counts: Mapped[dict[str, Any]]
    problems: Mapped[list[Any]]


def list_contacts(session: Session, channel: str, address: str) -> Sequence[Contact]:
    """The active contacts of active guardians at an address, each with its guardian, oldest first."""
    line = {"line_channel": channel, "line_address": address}
    return remembered(
        session,
        (Contact, Guardian),
        ("contacts", channel, address),
        lambda: session.scalars(_CONTACTS, line).all(),
    )


# Asked several times in every turn: built once, because putting it together costs more than running it.
_CONTACTS = (
    select(Contact)
    .join(Contact.guardian)
    .where(
        Contact.channel == bindparam("line_channel"),
        Contact.address == bindparam("line_address"),
        Contact.active,
        Guardian.active,
    )
    .options(joinedload(Contact.guardian))
    .order_by(Contact.id)
)


def list_contacts_of(session: Session, guardian_id: int) -> Sequence[Contact]:
    """A guardian's active contacts, oldest first."""
    query = select(Contact).where(Contact.guardian_id == guardian_id, Contact.active).order_by(Contact.id)
    return session.scalars(query).all()


def list_guardianships(session: Session, guardian_id: int) -> Sequence[Guardianship]:
    """What a guardian is to active students whom he or she may be told about; by first name.

    Links marked no-contact are never among them.
    """
    return remembered(
        session,
        (Guardianship, Student),
        ("guardianships", guardian_id),
        lambda: session.scalars(_GUARDIANSHIPS, {"of_guardian": guardian_id}).all(),
    )


_GUARDIANSHIPS = (
    select(Guardianship)
    .join(Guardianship.student)
    .where(Guardianship.guardian_id == bindparam("of_guardian"), Guardianship.active, Student.active)
    .where(Guardianship.no_contact.is_(False))
    .options(joinedload(Guardianship.student))
    .order_by(Student.given_name, Student.id)
)


def list_teachers(session: Session, student_id: int) -> Sequence[tuple[StaffMember, SchoolClass, bool]]:
    """The active teachers of a student's classes, each with the class and whether he or she leads it."""
    theirs, learns = aliased(Enrollment), aliased(Enrollment)
    rows = session.execute(
        select(StaffMember, SchoolClass, theirs.primary_teacher)
        .join(theirs, theirs.staff_id == StaffMember.id)
        .join(SchoolClass, SchoolClass.id == theirs.class_id)
        .join(learns, learns.class_id == SchoolClass.id)
        .where(learns.student_id == student_id, learns.active, theirs.active, StaffMember.active)
        .order_by(theirs.primary_teacher.desc(), SchoolClass.title, StaffMember.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def find_staff_by_source_id(session: Session, source_id: str, *, locked: bool = False) -> StaffMember | None:
    """The active member of staff of this roster key. `locked`: until the transaction ends (PostgreSQL)."""
    query = select(StaffMember).where(StaffMember.source_id == source_id, StaffMember.active)
    return session.scalars(query.with_for_update() if locked else query).one_or_none()


def find_staff(session: Session, role: str, school_id: int | None) -> StaffMember | None:
    """The active member of staff with a role; at one school, or anywhere when none is named."""
    query = _ANYWHERE if school_id is None else _AT_SCHOOL
    return session.scalars(query, {"in_role": role, "of_school": school_id}).first()


_IN_ROLE = select(StaffMember).where(StaffMember.role == bindparam("in_role"), StaffMember.active)
_ANYWHERE = _IN_ROLE.order_by(StaffMember.id).limit(1)
_AT_SCHOOL = _ANYWHERE.where(StaffMember.school_id == bindparam("of_school"))
