"""A conference being planned: what was chosen so far, checked against what this guardian may choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.model.dialogue import Choice, Phrase, SlotValue, Text, Value, Verbatim
from bot.model.errors import NotFound
from bot.school.guardians import Teacher, child_of, teachers_of
from bot.school.languages import named_language
from bot.storage.conferences import Appointment, Opening
from bot.storage.people import Guardian, StaffMember, Student

ANYBODY = "anybody"
"""The choice of whoever has time first."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The child (None: not chosen, or not this guardian's), whom the family may meet, and whom it chose."""

    guardian: Guardian
    child: Student | None
    teachers: Sequence[Teacher]
    chosen: Sequence[Teacher]

    @property
    def staff_ids(self) -> list[int]:
        """Whose openings are to be offered."""
        return [teacher.staff.id for teacher in self.chosen]


def plan_of(session: Session, guardian: Guardian, slots: Mapping[str, SlotValue], today: date) -> Plan:
    """The plan that the slots `child` and `teacher` hold, as far as it is allowed."""
    try:
        child = child_of(session, guardian, slots.get("child"), today, records=True)
    except NotFound:
        return Plan(guardian, None, (), ())
    teachers = teachers_of(session, child)
    choice = slots.get("teacher")
    chosen = teachers if choice == ANYBODY else [t for t in teachers if t.staff.id == choice]
    return Plan(guardian, child, teachers, chosen)


def full_name(staff: StaffMember) -> Verbatim:
    """A member of staff as families know him or her."""
    return Verbatim(f"{staff.given_name} {staff.family_name}")


def opening_choices(openings: Sequence[Opening], *, with_name: bool, more: bool) -> tuple[Choice, ...]:
    """Times to choose from; then others, if there are any, and none of them."""
    choices = [Choice(opening.id, _opening_label(opening, with_name)) for opening in openings]
    if more:
        choices.append(Choice("more", Phrase("utter_choice_more_times")))
    choices.append(Choice("none", Phrase("utter_choice_no_time_fits")))
    return tuple(choices)


def _opening_label(opening: Opening, with_name: bool) -> Text:
    values: dict[str, Value] = {"starts_at": opening.starts_at}
    if not with_name:
        return Phrase("utter_choice_opening", values)
    return Phrase("utter_choice_opening_with", {**values, "teacher": full_name(opening.staff)})


def interpreter_language(slots: Mapping[str, SlotValue], spoken: str) -> str:
    """The interpreter's language: as a tag where the family's words name one, else in its words, else its own."""
    written = slots.get("interpreter_language")
    if not isinstance(written, str) or not written.strip():
        return spoken
    return named_language(written) or written.strip()


def appointment_values(appointment: Appointment) -> dict[str, Value]:
    """What is said of a conference: the child's first name, with whom, when."""
    return {
        "child": Verbatim(appointment.student.given_name),
        "teacher": full_name(appointment.opening.staff),
        "starts_at": appointment.opening.starts_at,
    }


def seen_ids(slots: Mapping[str, SlotValue]) -> set[int]:
    """The openings offered so far."""
    value = slots.get("openings_seen")
    return {int(key) for key in value.split(",") if key.isdigit()} if isinstance(value, str) else set()
