"""The rows of a roster package, one frozen value each. `line` is where the row stands in its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

STAFF_ROLES = (
    "administrator", "aide", "counselor", "districtAdministrator", "principal", "proctor",
    "siteAdministrator", "systemAdministrator", "teacher",
)  # fmt: skip
GUARDIAN_ROLES = ("parent", "guardian", "relative")


@dataclass(frozen=True, slots=True)
class OrgRow:
    """A district or school."""

    line: int
    source_id: str
    status: str | None
    name: str
    type: str | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class UserRow:
    """A person. `role` and `orgs` stand here in OneRoster 1.1, in roles.csv in 1.2."""

    line: int
    source_id: str
    status: str | None
    enabled: bool
    role: str | None
    orgs: tuple[str, ...]
    primary_org: str | None
    given_name: str
    family_name: str
    email: str | None
    sms: str | None
    phone: str | None
    agents: tuple[str, ...]
    grade: str | None
    language: str | None
    zone: str | None


@dataclass(frozen=True, slots=True)
class RoleRow:
    """What a person is in an organisation."""

    line: int
    source_id: str
    status: str | None
    user: str
    kind: str | None
    role: str | None
    org: str | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class section."""

    line: int
    source_id: str
    status: str | None
    title: str
    class_type: str
    school: str


@dataclass(frozen=True, slots=True)
class EnrollmentRow:
    """A student in a class, or a teacher of it."""

    line: int
    source_id: str
    status: str | None
    klass: str
    school: str | None
    user: str
    role: str
    primary: bool
    begins_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class BirthRow:
    """A birth date: all that is read of the demographics."""

    line: int
    source_id: str
    born_on: date | None


@dataclass(frozen=True, slots=True)
class ContactRow:
    """What OneRoster cannot say of one guardian and one student (companion feed)."""

    line: int
    student: str
    guardian: str
    relationship: str | None
    order: float | None
    lives_with: bool | None
    custody: str | None
    may_pick_up: bool | None
    may_receive_records: bool | None
    no_contact: bool | None
    language: str | None
    interpreter: bool | None
    channel: str | None
    consent: str | None


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row of a file that is only looked at: no feature needs what is in it."""

    line: int
    source_id: str
