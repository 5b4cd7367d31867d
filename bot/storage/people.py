"""The roster: orgs, students, guardians, who may know what about whom, staff, and contacts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.base import Base, Keyed


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
    """An adult who cares for children of the district."""

    __tablename__ = "guardians"

    source_id: Mapped[str] = mapped_column(unique=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    email: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    interpreter_needed: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class Guardianship(Keyed, Base):
    """What one guardian is to one student. A no-contact mark wins over everything else."""

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
    """A student in a class, or a teacher of it (exactly one of the two is set)."""

    __tablename__ = "enrollments"
    __table_args__ = (
        UniqueConstraint("class_id", "student_id"),
        UniqueConstraint("class_id", "staff_id"),
    )

    class_id: Mapped[int] = mapped_column(ForeignKey("school_classes.id"))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"), index=True)
    primary_teacher: Mapped[bool] = mapped_column(default=False)


class RosterImport(Keyed, Base):
    """One run of the roster loader: what it read, what went in, what it refused and why."""

    __tablename__ = "roster_imports"

    started_at: Mapped[datetime]
    source: Mapped[str]
    counts: Mapped[dict[str, Any]]
    problems: Mapped[list[Any]]
