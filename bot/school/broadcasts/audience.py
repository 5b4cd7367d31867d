"""Whom a broadcast is for: the whole district, narrowed by school, grade, class, group and language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.model.errors import BadInput, NotFound
from bot.school.groups import named_group
from bot.storage.groups import StudentGroupMember, group_names, led_by
from bot.storage.people import Enrollment, Org, SchoolClass, StaffMember, Student


@dataclass(frozen=True, slots=True)
class Audience:
    """Families of active students. Each part narrows the others; an empty one narrows nothing.

    Several schools (grades, classes …) are all meant. `schools`, `classes` and `groups` are keys of rows, `grades`
    as the roster spells them, `languages` tags of contacts.
    """

    schools: tuple[int, ...] = ()
    grades: tuple[str, ...] = ()
    classes: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    groups: tuple[int, ...] = ()

    @property
    def about_children(self) -> bool:
        """Whether being in it tells something about a child: its grade, its class or its group."""
        return bool(self.grades or self.classes or self.groups)

    @property
    def names_children(self) -> bool:
        """Whether families of several children may wonder which one a text is about."""
        return bool(self.schools or self.about_children)

    def as_json(self) -> dict[str, Any]:
        """What is stored."""
        return {
            "schools": list(self.schools),
            "grades": list(self.grades),
            "classes": list(self.classes),
            "languages": list(self.languages),
            "groups": list(self.groups),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Audience:
        """What was stored."""
        return cls(**{name: tuple(stored.get(name, ())) for name in cls.__dataclass_fields__})

    def students(self) -> ColumnElement[bool]:
        """The condition that a row of Student is meant."""
        wanted: ColumnElement[bool] = Student.active.is_(True)
        if self.schools:
            wanted = wanted & Student.school_id.in_(self.schools)
        if self.grades:
            wanted = wanted & Student.grade.in_(self.grades)
        if self.classes:
            enrolled = select(Enrollment.student_id).where(
                Enrollment.class_id.in_(self.classes), Enrollment.active, Enrollment.student_id.is_not(None)
            )
            wanted = wanted & Student.id.in_(enrolled)
        if self.groups:
            members = select(StudentGroupMember.student_id).where(
                StudentGroupMember.group_id.in_(self.groups)
            )
            wanted = wanted & Student.id.in_(members)
        return wanted


@dataclass(frozen=True, slots=True)
class Names:
    """An audience as people name it: roster keys of schools and classes, names of groups, grades ("3" is "03"),
    language tags."""

    schools: Sequence[str] = ()
    grades: Sequence[str] = ()
    classes: Sequence[str] = ()
    languages: Sequence[str] = ()
    groups: Sequence[str] = ()


def read_audience(session: Session, names: Names) -> Audience:
    """The audience of these names. NotFound tells which one the roster does not know, and for grades the known ones."""
    return Audience(
        schools=_keys(session, names.schools, Org.id, Org.source_id, "school"),
        grades=_grades(session, names.grades),
        classes=_keys(session, names.classes, SchoolClass.id, SchoolClass.source_id, "class"),
        languages=tuple(dict.fromkeys(names.languages)),
        groups=tuple(dict.fromkeys(named_group(session, name).id for name in names.groups)),
    )


def describe(session: Session, audience: Audience) -> str:
    """The audience in English words, for lists: "Bayview Middle School; grade 07; es"."""
    schools = session.scalars(select(Org.name).where(Org.id.in_(audience.schools)).order_by(Org.name)).all()
    classes = session.scalars(
        select(SchoolClass.title).where(SchoolClass.id.in_(audience.classes)).order_by(SchoolClass.title)
    ).all()
    parts = [", ".join(schools), ", ".join(f"grade {grade}" for grade in audience.grades)]
    parts += [
        ", ".join(classes),
        ", ".join(group_names(session, audience.groups)),
        ", ".join(audience.languages),
    ]
    return "; ".join(part for part in parts if part) or "the whole district"


def check_reach(session: Session, author: StaffMember, audience: Audience) -> None:
    """BadInput when the author may not text these families.

    A teacher texts the families of classes he or she teaches and of groups he or she leads; other staff of a
    school those of that school; staff of the district everybody.
    """
    if not author.active:
        raise BadInput(f"{author.given_name} {author.family_name} is no active member of staff.")
    if author.role == "teacher":
        taught = set(
            session.scalars(
                select(Enrollment.class_id).where(Enrollment.staff_id == author.id, Enrollment.active)
            )
        )
        own_classes = bool(audience.classes) and set(audience.classes) <= taught
        own_groups = bool(audience.groups) and set(audience.groups) <= led_by(session, author.id)
        # Each part narrows the others: one that is all his or her own is enough.
        if not own_classes and not own_groups:
            raise BadInput(
                "A teacher can text the families of his or her own classes and groups only. Name them."
            )
    elif author.school is not None and author.school.type == "school":
        theirs = session.scalars(select(SchoolClass.school_id).where(SchoolClass.id.in_(audience.classes)))
        meant = {*audience.schools} or {*theirs}
        if meant != {author.school_id}:
            raise BadInput(f"You can text the families of {author.school.name} only. Name the school.")


def _keys(
    session: Session,
    wanted: Sequence[str],
    key: InstrumentedAttribute[int],
    source: InstrumentedAttribute[str],
    kind: str,
) -> tuple[int, ...]:
    rows = session.execute(select(source, key).where(source.in_(wanted))).all() if wanted else []
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    unknown = [name for name in wanted if name not in found]
    if unknown:
        raise NotFound(f"The roster has no {kind} {', '.join(unknown)}.")
    return tuple(dict.fromkeys(found[name] for name in wanted))


def _grades(session: Session, wanted: Sequence[str]) -> tuple[str, ...]:
    if not wanted:
        return ()
    known = {
        grade for grade in session.scalars(select(Student.grade).where(Student.active).distinct()) if grade
    }
    found = [grade if grade in known else grade.zfill(2) for grade in wanted]
    unknown = [given for given, grade in zip(wanted, found, strict=True) if grade not in known]
    if unknown:
        told = ", ".join(sorted(known)) or "none"
        raise NotFound(f"No active student is in grade {', '.join(unknown)}. Grades in the roster: {told}.")
    return tuple(dict.fromkeys(found))
