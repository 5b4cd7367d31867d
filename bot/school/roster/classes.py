"""Classes, and who is in them and who teaches them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.school.roster.kinds import leaves
from bot.school.roster.records import EnrollmentRow
from bot.school.roster.run import Run
from bot.school.roster.shelf import Shelf
from bot.storage.people import Enrollment

Place = tuple[int, int | None, int | None]
"""A class's key and a student's or a staff member's."""


def write_classes(run: Run) -> None:
    """The class sections. A class the roster no longer has stays, without anybody in it."""
    for row in run.package.classes.rows:
        if leaves(row.status):
            continue
        org = run.shelves.orgs.rows.get(row.school)
        if org is None:
            run.findings.add("reference-org", "classes.csv", row.line, "schoolSourcedId", row.school)
            continue
        run.shelves.classes.put(
            row.source_id,
            source_id=row.source_id,
            title=row.title,
            school_id=org.id,
            class_type=row.class_type,
        )
    run.session.flush()


def write_enrollments(run: Run, today: date) -> Shelf[Enrollment, Place]:
    """Students and teachers in their classes; places no longer stated, or ended, are deactivated."""
    shelf: Shelf[Enrollment, Place] = Shelf(
        run.session, Enrollment, lambda row: (row.class_id, row.student_id, row.staff_id)
    )
    gone: set[Place] = set()
    for row, place in _placed(run):
        if leaves(row.status) or (row.ends_on and row.ends_on < today):
            gone.add(place)
        elif place in shelf.present:
            run.findings.add("row-again", "enrollments.csv", row.line, "userSourcedId", row.user)
        else:
            klass, student, staff = place
            at = {"class_id": klass, "student_id": student, "staff_id": staff}
            shelf.put(place, **at, primary_teacher=row.primary, active=True)
    complete = run.package.complete(run.package.enrollments, "enrollments")
    shelf.let_go(lambda place: complete or place in gone)
    run.session.flush()
    return shelf


def _placed(run: Run) -> Iterator[tuple[EnrollmentRow, Place]]:
    """The rows whose class and user stand, with what they are in the database."""
    whole = run.package.complete(run.package.classes, "classes")
    for row in run.package.enrollments.rows:
        known = row.klass in (run.shelves.classes.present if whole else run.shelves.classes.rows)
        rule, column = ("reference-class", "classSourcedId") if not known else (None, "")
        student, staff = _who(run, row)
        if known and row.role in {"student", "teacher"} and student is None and staff is None:
            rule, column = _why_nobody(run, row), "userSourcedId"
        if rule:
            value = row.klass if rule == "reference-class" else row.user
            run.findings.add(rule, "enrollments.csv", row.line, column, value)
        elif student is not None or staff is not None:
            klass = run.shelves.classes.rows[row.klass]
            _check_school(run, row, klass.school_id)
            yield row, (klass.id, student, staff)


def _who(run: Run, row: EnrollmentRow) -> tuple[int | None, int | None]:
    if row.role == "student":
        student = run.shelves.students.standing(row.user)
        return (student.id if student else None), None
    member = run.shelves.staff.standing(row.user) if row.role == "teacher" else None
    return None, (member.id if member else None)


def _why_nobody(run: Run, row: EnrollmentRow) -> str | None:
    """None for a user whose own row could not be read: that has been reported already."""
    if row.user in run.package.users.broken:
        return None
    return "enrollment-role" if row.user in run.kinds else "reference-user"


def _check_school(run: Run, row: EnrollmentRow, school_id: int) -> None:
    org = run.shelves.orgs.rows.get(row.school) if row.school else None
    if org is not None and org.id != school_id:
        run.findings.add("class-school", "enrollments.csv", row.line, "schoolSourcedId", row.school or "")
