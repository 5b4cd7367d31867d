"""What each user is: student, guardian, staff, or several at once (a teacher may be a parent)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.school.roster.package import Package
from bot.school.roster.records import GUARDIAN_ROLES, STAFF_ROLES, RoleRow, UserRow
from bot.school.tabular.problems import Findings


@dataclass(frozen=True, slots=True)
class Kinds:
    """What one user is. `guardian` and `staff` name the role, as the roster spells it."""

    student: bool = False
    guardian: str | None = None
    staff: str | None = None
    org: str | None = None

    @property
    def any(self) -> bool:
        """False for a user without a role."""
        return self.student or self.guardian is not None or self.staff is not None


def leaves(status: str | None) -> bool:
    """True for a row that says of itself that it is to go (1.0 said inactive)."""
    return status in {"tobedeleted", "inactive"}


def find_kinds(
    package: Package, stored: Mapping[str, Kinds], today: date, findings: Findings
) -> dict[str, Kinds]:
    """User id → kinds, for every user who is there after this import.

    `stored` holds those known before: they count where a file is a delta, and not where it is complete.
    """
    people = {} if package.complete(package.users, "users") else dict(stored)
    roles = _live_roles(package, people, today, findings)
    keeps_roles = not package.complete(package.roles, "roles")
    for user in package.users.rows:
        if user.status == "inactive":
            findings.add("deletion-word", "users.csv", user.line, "status", user.status)
        if leaves(user.status):
            people.pop(user.source_id, None)
            continue
        before = stored.get(user.source_id, Kinds()) if keeps_roles else Kinds()
        people[user.source_id] = kinds = _kinds(user, roles[user.source_id], before)
        if not kinds.any:
            findings.add("role-missing", "users.csv", user.line, "sourcedId", user.source_id)
    return people


def _live_roles(
    package: Package, stored: Mapping[str, Kinds], today: date, findings: Findings
) -> Mapping[str, list[RoleRow]]:
    users = {user.source_id for user in package.users.rows} | set(stored) | package.users.broken
    found: dict[str, list[RoleRow]] = defaultdict(list)
    for row in package.roles.rows:
        if row.user not in users:
            findings.add("reference-user", "roles.csv", row.line, "userSourcedId", row.user)
        elif leaves(row.status):
            if not package.complete(package.roles, "roles"):
                findings.add("role-left", "roles.csv", row.line, "role", row.role or "")
        elif row.ends_on is None or row.ends_on >= today:
            found[row.user].append(row)
    return found


def _kinds(user: UserRow, roles: list[RoleRow], before: Kinds) -> Kinds:
    """Primary roles count first, so that a teacher who also helps as an aide is a teacher."""
    ranked = sorted(roles, key=lambda row: row.kind != "primary")
    names = ([user.role] if user.role else []) + [row.role for row in ranked if row.role]
    orgs = [user.primary_org, *user.orgs[:1], *(row.org for row in ranked), before.org]
    return replace(
        before,
        student="student" in names or before.student,
        guardian=next((name for name in names if name in GUARDIAN_ROLES), before.guardian),
        staff=next((name for name in names if name in STAFF_ROLES), before.staff),
        org=next((org for org in orgs if org), None),
    )
