"""Groups of students that staff keep by hand: the band, a bus, the chess club."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.model.errors import BadInput, NotFound, Taken
from bot.school.tabular.cells import identifier
from bot.school.tabular.problems import Findings, Problem
from bot.school.tabular.table import Column, Table, read_table
from bot.storage.groups import StudentGroup, find_group, set_members
from bot.storage.people import StaffMember, Student
from bot.storage.staff import AuditEvent, record_audit

LONGEST_NAME = 60
STUDENT = "studentSourcedId"
"""The one column a file of members needs."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of a file of members."""

    line: int
    student: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A group as it was stored: how many students it has now, and every line that was left out."""

    group: StudentGroup
    members: int
    problems: Sequence[Problem]


def read_members(session: Session, file: Path) -> tuple[Sequence[int], Sequence[Problem]]:
    """The active students (keys) a CSV file names in its column studentSourcedId, and what is wrong in it, by line.

    BadInput when it names nobody at all, or breaks off: then nothing should be kept of it.
    """
    findings = Findings()
    table = Table(
        file.name, MemberRow, {"student": Column(STUDENT, identifier, required=True)}, key="student"
    )
    read = read_table(table, file.parent, findings)
    if not read.whole:
        raise BadInput(f"{file.name} breaks off. Nothing was changed.{findings.told()}")
    rows = read.rows
    known = _known(session, [row.student for row in rows])
    for row in rows:
        if row.student not in known:
            findings.add("reference-student", file.name, row.line, STUDENT, row.student)
    members = [known[row.student] for row in rows if row.student in known]
    problems = findings.by_place()
    if not members:
        told = "".join(f"\n{problem}" for problem in problems)
        raise BadInput(f"{file.name} names no student. It needs the column {STUDENT}.{told}")
    return members, problems


def add_group(
    session: Session, name: str, file: Path, leader: StaffMember | None, *, actor: str, now: datetime
) -> Kept:
    """A new group of the students in a file. Taken when there is one of this name; lines left out are told."""
    if find_group(session, key_of(name)) is not None:
        raise Taken(f"There is a group {name!r} already; replace its members, or choose another name.")
    members, problems = read_members(session, file)
    group = StudentGroup(
        name=clean_name(name), name_key=key_of(name), leader_id=leader.id if leader else None,
        made_by=actor, created_at=now,
    )  # fmt: skip
    session.add(group)
    session.flush()
    set_members(session, group.id, members)
    _record(session, group, "add_group", actor, now)
    return Kept(group, len(members), problems)


def replace_members(session: Session, name: str, file: Path, *, actor: str, now: datetime) -> Kept:
    """From now on the students of the file are the group, and nobody else."""
    group = named_group(session, name)
    members, problems = read_members(session, file)
    set_members(session, group.id, members)
    _record(session, group, "replace_group", actor, now)
    return Kept(group, len(members), problems)


def remove_group(session: Session, name: str, *, actor: str, now: datetime) -> None:
    """The group is gone: nobody is in it. What was sent to it still says its name."""
    group = named_group(session, name)
    group.removed_at = now
    set_members(session, group.id, ())
    _record(session, group, "remove_group", actor, now)


def named_group(session: Session, name: str) -> StudentGroup:
    """The group of this name, however it is capitalised; NotFound when there is none."""
    found = find_group(session, key_of(name))
    if found is None:
        raise NotFound(f"There is no group {name!r}.")
    return found


def clean_name(name: str) -> str:
    """A name given by people as it is stored. BadInput when it is empty or too long."""
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > LONGEST_NAME:
        raise BadInput(f"A name has 1 to {LONGEST_NAME} characters.")
    return cleaned


def key_of(name: str) -> str:
    """A name as it is compared: "bus 12" is "Bus  12"."""
    return " ".join(name.split()).casefold()


def _known(session: Session, source_ids: Collection[str]) -> dict[str, int]:
    query = select(Student.source_id, Student.id).where(Student.active, Student.source_id.in_(source_ids))
    return {row[0]: row[1] for row in session.execute(query)}


def _record(session: Session, group: StudentGroup, deed: str, actor: str, now: datetime) -> None:
    record_audit(session, AuditEvent(
        at=now, actor=actor, deed=deed, subject_kind="student_group", subject_id=group.id, detail={"name": group.name},
    ))  # fmt: skip
