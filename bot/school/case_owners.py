"""Who owns a new case: decided by rule, so that no case is nobody's."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.storage.people import StaffMember, Student, find_staff

AT_SCHOOL = {
    "concern": ("counselor", "principal"),
    "crisis": ("counselor", "principal"),
    "progress": ("counselor", "principal"),
    "complaint": ("principal",),
}
"""The roles asked first, at the child's own school."""

OFFICE = ("office", "siteAdministrator", "districtAdministrator", "systemAdministrator", "administrator")
"""The roles (OneRoster's words) that take everything else: at the child's school, then anywhere."""


def choose_owner(session: Session, kind: str, student: Student | None) -> StaffMember | None:
    """The member of staff who owns a new case of this kind; None only where no staff is on file at all."""
    school_id = student.school_id if student is not None else None
    if school_id is not None:
        for role in (*AT_SCHOOL.get(kind, ()), *OFFICE):
            found = find_staff(session, role, school_id)
            if found is not None:
                return found
    for role in (*OFFICE, "principal", "counselor"):
        found = find_staff(session, role, None)
        if found is not None:
            return found
    return None
