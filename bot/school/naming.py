"""Children and teachers by the names a family writes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.school.needs import fold
from bot.storage.people import StaffMember, Student


def named_child(children: Sequence[Student], text: str) -> Student | None:
    """The one child whose first name stands in a text; None when none or several do."""
    words = f" {fold(text)} "
    found = [child for child in children if f" {fold(child.given_name)} " in words]
    return found[0] if len(found) == 1 else None


def named_staff(people: Sequence[StaffMember], text: str) -> StaffMember | None:
    """The one person whose family name stands in a text; None when none or several do."""
    words = f" {fold(text)} "
    found = [person for person in people if f" {fold(person.family_name)} " in words]
    return found[0] if len(found) == 1 else None
