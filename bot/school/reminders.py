"""Reminders of conferences: planned as rows, fired once, dropped when stale, cancelled with the appointment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.model.dialogue import Phrase, Say, Verbatim
from bot.school.policy import Policy
from bot.storage.conferences import LIVE, Appointment
from bot.storage.conversations import Conversation
from bot.storage.deliveries import Withdrawal, withdraw_deliveries
from bot.storage.people import Contact, list_contacts_of, list_guardianships
from bot.storage.reminders import Reminder, last_reminded, list_of, settle

NOT_TEXTED = ("voice", "email")
"""Channels a reminder cannot be answered on with a letter."""


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder this process has claimed: what to queue, where to, and when it is worth nothing any more."""

    reminder_id: int
    appointment_id: int
    channel: str
    address: str
    language: str
    say: Say
    expires_at: datetime
    contact_id: int | None = None
    conversation_id: int | None = None


def plan(session: Session, appointment: Appointment, policy: Policy, now: datetime) -> None:
    """Rows at the policy's distances before the appointment. A time that has passed gets none.

    Each is worth nothing once the next one is due, the last one once the conference begins.
    """
    starts = appointment.opening.starts_at
    worthless_at = starts
    for distance in sorted(policy.reminders):
        due = starts - distance
        if due > now:
            session.add(
                Reminder(
                    appointment_id=appointment.id,
                    occurrence=occurrence(distance),
                    due_at=due,
                    worthless_at=worthless_at,
                )
            )
        worthless_at = due
    session.flush()


def occurrence(distance: timedelta) -> str:
    """How a distance is called: "3d", "2h", "90m"."""
    minutes = int(distance.total_seconds()) // 60
    if minutes % 1440 == 0:
        return f"{minutes // 1440}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def cancel(session: Session, appointment_id: int, now: datetime) -> None:
    """No further reminder of this appointment; one that was queued but not sent is withdrawn."""
    reminders = list_of(session, appointment_id)
    for reminder in reminders:
        settle(session, reminder.id, "cancelled", now)
    queued = [reminder.delivery_id for reminder in reminders if reminder.delivery_id is not None]
    withdrawal = Withdrawal(DeliveryState.CANCELLED, "the conference was moved or cancelled", now)
    withdraw_deliveries(session, queued, withdrawal)


def claim(session: Session, reminder_id: int, now: datetime) -> DueReminder | None:
    """A due reminder that this process, and no other, is to queue in this transaction; None when there is
    nothing to queue.

    A stale one is dropped; that of an appointment that is off, or of a guardian who must no longer be
    contacted about the child, is cancelled.
    """
    reminder = session.get_one(Reminder, reminder_id)
    stale = reminder.worthless_at <= now
    due = None if stale else _due(session, reminder)
    status = "fired" if due else ("dropped" if stale else "cancelled")
    return due if settle(session, reminder_id, status, now) else None


def drop(session: Session, reminder_id: int, now: datetime) -> bool:
    """Give up a reminder that cannot be made into a text; False when it is no longer waiting."""
    return settle(session, reminder_id, "dropped", now)


def record_delivery(session: Session, reminder_id: int, delivery_id: int) -> None:
    """Remember which delivery carries a reminder, so that it can be withdrawn."""
    reminder = session.get_one(Reminder, reminder_id)
    reminder.delivery_id = delivery_id
    session.flush()


def reminded_appointment(session: Session, guardian_ids: Sequence[int], now: datetime) -> int | None:
    """The appointment a bare "C", "R" or "X" on the line of these guardians is about."""
    return last_reminded(session, guardian_ids, now) if guardian_ids else None


def _due(session: Session, reminder: Reminder) -> DueReminder | None:
    appointment = reminder.appointment
    if appointment.status not in LIVE or not _may_contact(session, appointment):
        return None
    contact, conversation = _reach(session, appointment)
    if contact is None:
        return None
    return DueReminder(
        reminder_id=reminder.id,
        appointment_id=appointment.id,
        channel=contact.channel,
        address=contact.address,
        language=conversation.language if conversation else contact.language,
        say=reminder_say(appointment),
        expires_at=reminder.worthless_at,
        contact_id=contact.id,
        conversation_id=conversation.id if conversation else None,
    )


def reminder_say(appointment: Appointment) -> Say:
    """What a reminder says, and which letters answer it."""
    opening = appointment.opening
    what = Phrase(
        f"utter_reminder_{appointment.mode}",
        {
            "child": Verbatim(appointment.student.given_name),
            "teacher": Verbatim(f"{opening.staff.given_name} {opening.staff.family_name}"),
            "starts_at": opening.starts_at,
        },
    )
    return Say((what, Phrase("utter_reminder_letters")), kind="reminder")


def _may_contact(session: Session, appointment: Appointment) -> bool:
    links = list_guardianships(session, appointment.guardian_id)
    return appointment.guardian.active and any(link.student_id == appointment.student_id for link in links)


def _reach(session: Session, appointment: Appointment) -> tuple[Contact | None, Conversation | None]:
    """Where the guardian is texted: on the line the conference was booked on, else on the first one."""
    key = appointment.conversation_id
    conversation = session.get(Conversation, key) if key is not None else None
    contacts = [c for c in list_contacts_of(session, appointment.guardian_id) if c.channel not in NOT_TEXTED]
    for contact in contacts:
        if conversation and (contact.channel, contact.address) == (
            conversation.channel,
            conversation.address,
        ):
            return contact, conversation
    return (contacts[0] if contacts else None), None
