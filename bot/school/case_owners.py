"""Who owns a new case: decided by rule, so that no case is nobody's."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from bot.school.needs import fold
from bot.storage.people import StaffMember, Student, find_staff

AT_SCHOOL = {
    "concern": ("counselor", "principal"),
    "crisis": ("counselor", "principal"),
    "progress": ("counselor", "principal"),
    "complaint": ("principal",),
    "unreached": ("office", "siteAdministrator", "administrator", "principal"),
}
"""The roles asked first, at the child's own school."""

DISTRICT = ("districtAdministrator", "systemAdministrator", "administrator", "siteAdministrator")
"""Who gets what is said about a principal."""

PRINCIPAL = tuple(
    map(fold, ("principal", "director", "hiệu trưởng", "مدير", "المدير", "direkte", "директор", "proviseur"))
)
"""How families call a principal: beginnings of words, folded."""

OFFICE = ("office", "siteAdministrator", "districtAdministrator", "systemAdministrator", "administrator")
"""The roles (OneRoster's words) that take everything else: at the child's school, then anywhere."""


TO_AUTHOR = ("question", "person")
"""The kinds of cases that go to the author of the broadcast they answer."""


def choose_owner(session: Session, kind: str, student: Student | None, words: str = "") -> StaffMember | None:
    """The member of staff who owns a new case of this kind; None only where no staff is on file at all.

    Nobody gets a complaint about himself: one that names the principal goes to the district's administrators.
    """
    school_id = student.school_id if student is not None else None
    if kind == "complaint" and _names_principal(session, school_id, words):
        return _first(session, ((role, None) for role in (*DISTRICT, "office", "counselor", "principal")))
    at_school = [(role, school_id) for role in (*AT_SCHOOL.get(kind, ()), *OFFICE) if school_id is not None]
    return _first(session, (*at_school, *((role, None) for role in (*OFFICE, "principal", "counselor"))))


def goes_to_author(kind: str, author: StaffMember) -> bool:
    """Whether what a family says after a broadcast goes to who wrote it: a question, or a wish for a person.

    Never a crisis, nor what somebody else has to hear: a concern, a complaint (it may be about the author),
    an absence, an offer.
    """
    return kind in TO_AUTHOR and author.active


def _first(session: Session, places: Iterable[tuple[str, int | None]]) -> StaffMember | None:
    found = (find_staff(session, role, school_id) for role, school_id in places)
    return next((staff for staff in found if staff is not None), None)


def _names_principal(session: Session, school_id: int | None, words: str) -> bool:
    """Whether the words speak of the principal: by the office, or by the name of the school's own."""
    folded = f" {fold(words)} "
    principal = find_staff(session, "principal", school_id)
    by_name = principal is not None and f" {fold(principal.family_name)} " in folded
    return by_name or any(f" {title}" in folded for title in PRINCIPAL)
