"""The reminders that are still to come, and the button that makes one due."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.simulator.services import SimulatorServices
from bot.storage.coming_reminders import list_coming
from bot.storage.people import list_contacts_of

LISTED = 20


def read_coming(session: Session, services: SimulatorServices) -> list[dict[str, Any]]:
    """Reminders to come, soonest first, with the telephone each will ring."""
    names = {phone.number: phone.name for phone in services.phones}
    found = []
    for reminder in list_coming(session, LISTED):
        appointment = reminder.appointment
        numbers = [contact.address for contact in list_contacts_of(session, appointment.guardian_id)]
        found.append(
            {
                "id": reminder.id,
                "occurrence": reminder.occurrence,
                "due": reminder.due_at.astimezone(services.zone).strftime("%a %b %d, %H:%M"),
                "starts": appointment.opening.starts_at.astimezone(services.zone).strftime("%a %b %d, %H:%M"),
                "phone": next(
                    (names[number] for number in numbers if number in names), "a phone not shown here"
                ),
                "student": appointment.student.given_name,
                "teacher": f"{appointment.opening.staff.given_name} {appointment.opening.staff.family_name}",
            }
        )
    return found
