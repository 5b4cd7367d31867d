"""What the steps of one roster import share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from bot.school.roster.kinds import Kinds
from bot.school.roster.package import Package
from bot.school.roster.records import ContactRow
from bot.school.roster.shelf import Shelf
from bot.school.tabular.problems import Findings
from bot.storage.people import Contact, Guardian, Guardianship, Org, SchoolClass, StaffMember, Student

Pair = tuple[str, str]
"""Guardian's and student's roster ids."""


class Shelves:
    """The stored roster, table by table."""

    def __init__(self, session: Session) -> None:
        self.orgs = Shelf(session, Org, lambda row: row.source_id)
        self.students = Shelf(session, Student, lambda row: row.source_id)
        self.guardians = Shelf(session, Guardian, lambda row: row.source_id)
        self.staff = Shelf(session, StaffMember, lambda row: row.source_id)
        self.classes = Shelf(session, SchoolClass, lambda row: row.source_id)
        guardian_ids = {row.id: row.source_id for row in self.guardians.rows.values()}
        student_ids = {row.id: row.source_id for row in self.students.rows.values()}
        self.links: Shelf[Guardianship, Pair] = Shelf(
            session, Guardianship, lambda row: (guardian_ids[row.guardian_id], student_ids[row.student_id])
        )
        self.contacts: Shelf[Contact, tuple[str, str, str]] = Shelf(
            session, Contact, lambda row: (guardian_ids[row.guardian_id], row.channel, row.address)
        )

    def kinds(self) -> dict[str, Kinds]:
        """What everybody stored and active is, for packages that tell only of changes."""
        found: dict[str, Kinds] = {}
        for source_id in self.students.were_active:
            found[source_id] = Kinds(student=True)
        for source_id in self.guardians.were_active:
            found[source_id] = Kinds(guardian="guardian")
        for source_id in self.staff.were_active:
            parent = found.get(source_id, Kinds())
            found[source_id] = Kinds(guardian=parent.guardian, staff=self.staff.rows[source_id].role)
        return found


@dataclass(slots=True)
class Run:
    """One import under way.

    `pairs`: who is guardian of whom after this import, with the guardian's role. `facts`: the companion
    feed's rows that hold, by pair; `facts_of`: the same by guardian, in the order of the file.
    """

    session: Session
    now: datetime
    package: Package
    findings: Findings
    shelves: Shelves
    kinds: dict[str, Kinds]
    pairs: dict[Pair, str] = field(default_factory=dict)
    facts: dict[Pair, ContactRow] = field(default_factory=dict)
    facts_of: dict[str, list[ContactRow]] = field(default_factory=dict)
