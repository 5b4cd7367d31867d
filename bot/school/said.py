"""Whom of its own children and their teachers a family speaks of, by what was read from its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.school.guardians import Teacher
from bot.school.naming import Found, Person, find_children, find_teachers
from bot.storage.people import Student

_BEFORE_FIRST = frozenset({"KG", "K", "TK", "PK", "PR", "IT"})
"""Grades below the first, as OneRoster writes them."""


_CASE_WORDS = ("concern", "message", "opening_words")
_CASE_KIN = ("concern_kin", "message_kin")


def children_said(children: Sequence[Student], text: str, kin: str | None) -> Found:
    """The children a text names or describes. `kin`: the marks read from its kin words ("female oldest")."""
    return find_children([_child(child) for child in children], text, kin or "")


def children_asked(children: Sequence[Student], slots: Mapping[str, object], *, absent: bool) -> Found:
    """The children that the words for a case may mean: all of them (`together`), or one of them.

    Several are meant together when their names stand there; that "all the kids" are meant is sure of an absence only.
    """
    words = " ".join(said for name in _CASE_WORDS if isinstance(said := slots.get(name), str))
    kin = next((said for name in _CASE_KIN if isinstance(said := slots.get(name), str)), None)
    found = children_said(children, words, kin)
    named = found.together and (absent or children_said(children, words, None).together)
    return Found(found.ids, together=named)


def teachers_said(
    teachers: Sequence[Teacher], child: Student, text: str, said: Mapping[str, str | None]
) -> Found:
    """The teachers of a child that a text names, or means by what they teach.

    `said`: `teacher_words` and `teaches`, as they were read. "The teacher" alone says nothing: families call a
    counselor so as well, and are asked.
    """
    people = [_teacher(teacher, child) for teacher in teachers]
    known = {name: value for name, value in said.items() if value and value != "any"}
    return find_teachers(people, text, known, [child.id])


def _child(student: Student) -> Person:
    return Person(
        student.id,
        student.given_name,
        student.family_name,
        year=_year(student.grade),
        born=student.birth_date,
    )


def _teacher(teacher: Teacher, child: Student) -> Person:
    """A counselor teaches no class, so "the teacher" is never one."""
    classes: dict[object, str] = {child.id: teacher.subject} if teacher.subject else {}
    return Person(teacher.staff.id, teacher.staff.given_name, teacher.staff.family_name, classes=classes)


def _year(grade: str | None) -> int | None:
    if grade is None or grade.strip().upper() in _BEFORE_FIRST:
        return None if grade is None else 0
    return int(grade) if grade.strip().isdecimal() else None
