"""Who may be texting on a line, and which children that person may be told about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.model.errors import NotFound
from bot.storage.conversations import Conversation
from bot.storage.people import (
    Contact,
    Guardian,
    Guardianship,
    StaffMember,
    Student,
    find_staff,
    list_contacts,
    list_guardianships,
    list_teachers,
)

ADULT_AT = 18
"""From this age the right to the school records is the student's own (FERPA, 34 CFR 99.5)."""


@dataclass(frozen=True, slots=True)
class Teacher:
    """Somebody a family may meet about a child; `subject` is the class title, empty for a counselor."""

    staff: StaffMember
    subject: str

    @property
    def label(self) -> str:
        """The name as it stands in a choice: "Emma Washington (Math 07)"."""
        name = f"{self.staff.given_name} {self.staff.family_name}"
        return f"{name} ({self.subject})" if self.subject else name


def speaker_contact(session: Session, conversation: Conversation) -> Contact | None:
    """The contact who speaks, as far as that is clear; None on a shared line until somebody says so."""
    contacts = list_contacts(session, conversation.channel, conversation.address)
    return _speaker_among(contacts, conversation.contact_id)


def speaker(session: Session, conversation: Conversation) -> Guardian | None:
    """The guardian who speaks, as far as that is clear."""
    contact = speaker_contact(session, conversation)
    return contact.guardian if contact else None


def _speaker_among(contacts: Sequence[Contact], contact_id: int | None) -> Contact | None:
    if len(contacts) == 1:
        return contacts[0]
    return next((contact for contact in contacts if contact.id == contact_id), None)


def children_of(
    session: Session, guardian: Guardian, today: date, *, records: bool = False
) -> Sequence[Student]:
    """The children a guardian may speak about with the school, by first name.

    `records` narrows to those whose records the guardian may be told of: not where the roster withholds
    them, and not where the student is of age. No-contact links are never among them.
    """
    links = list_guardianships(session, guardian.id)
    return [link.student for link in links if not records or may_receive_records(link, today)]


def may_receive_records(link: Guardianship, today: date) -> bool:
    """Whether this guardian may be told what stands in this student's records."""
    return link.may_receive_records and not link.no_contact and not is_of_age(link.student.birth_date, today)


def is_of_age(born: date | None, today: date) -> bool:
    """Whether a student born on that day is of age; one whose birthday is not known is not."""
    if born is None:
        return False
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (0 if had_birthday else 1) >= ADULT_AT


def child_of(
    session: Session, guardian: Guardian, student_id: object, today: date, *, records: bool = False
) -> Student:
    """The child with this key, if it is this guardian's to speak about; NotFound otherwise."""
    for child in children_of(session, guardian, today, records=records):
        if child.id == student_id:
            return child
    raise NotFound(f"no child {student_id!r} that guardian {guardian.id} may speak about")


def teachers_of(session: Session, student: Student) -> Sequence[Teacher]:
    """Whom a family may meet about a child: the teachers, once each, and the school's counselor."""
    found: dict[int, Teacher] = {}
    for staff, school_class, _ in list_teachers(session, student.id):
        found.setdefault(staff.id, Teacher(staff, school_class.title))
    counselor = find_staff(session, "counselor", student.school_id) if student.school_id else None
    if counselor is not None:
        found.setdefault(counselor.id, Teacher(counselor, ""))
    return list(found.values())
