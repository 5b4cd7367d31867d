"""What a member of staff may see of the family on a line, and what he or she must be warned of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.console.identity import SignedIn
from bot.school.consent import is_stopped
from bot.school.resting import OwnHours, read_hours
from bot.storage.conversations import Conversation
from bot.storage.families import list_links, list_students_taught
from bot.storage.people import Guardian, Guardianship, list_contacts


@dataclass(frozen=True, slots=True)
class Child:
    """One child of the adult on the line, as far as this member of staff may know.

    `no_contact` and `no_records` are warnings: what must not be told to this adult.
    """

    name: str
    grade: str
    school: str
    no_contact: bool
    no_records: bool


@dataclass(frozen=True, slots=True)
class FamilyCard:
    """The adult (None: unknown number, or nobody said who is speaking), children, and the line's state.

    `hours` are the adult's own; the office may change them (`may_set_hours`).
    """

    guardian: Guardian | None
    sharers: Sequence[str]
    children: Sequence[Child]
    stopped: bool
    hours: OwnHours = OwnHours()
    may_set_hours: bool = False


def read_card(
    session: Session, line: Conversation | None, guardian: Guardian | None, person: SignedIn
) -> FamilyCard:
    """The card. Office staff see the adult's children; a teacher sees only those of his or her classes."""
    contacts = list_contacts(session, line.channel, line.address) if line else []
    names = [contact.guardian.given_name for contact in contacts]
    links = list_links(session, guardian.id) if guardian else []
    if not person.viewer.sees_all:
        taught = list_students_taught(session, person.staff_id) if person.staff_id else frozenset()
        links = [link for link in links if link.student_id in taught]
    return FamilyCard(
        guardian=guardian,
        sharers=names if len(names) > 1 else (),
        children=[_child(link) for link in links],
        stopped=line is not None and is_stopped(session, line.channel, line.address),
        hours=read_hours(session, guardian.id) if guardian else OwnHours(),
        may_set_hours=guardian is not None and person.viewer.sees_all,
    )


def _child(link: Guardianship) -> Child:
    student = link.student
    return Child(
        name=f"{student.given_name} {student.family_name}",
        grade=(student.grade or "").lstrip("0"),  # OneRoster writes 03 for the third
        school=student.school.name if student.school else "",
        no_contact=link.no_contact,
        no_records=not link.may_receive_records,
    )
