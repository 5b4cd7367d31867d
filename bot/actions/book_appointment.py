"""Book the conference that was planned."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say
from bot.model.errors import NotFound, Taken
from bot.school.conferences import Booking, book
from bot.school.openings import find_opening, modes_of
from bot.school.plans import appointment_values, interpreter_language, plan_of
from bot.storage.conferences import Appointment
from bot.storage.people import Guardian

NAME = "action_book_appointment"


def run(context: ActionContext) -> Receipt:
    """Sets `booked`: "yes" (and says so), or "taken" when somebody was faster (and says that).

    Everything is checked again here: an answer may be a day old.
    """
    guardian = context.family.speaker
    if guardian is None:
        return Receipt({"booked": "taken"}, (Say((Phrase("utter_opening_taken"),)),))
    try:
        appointment = _book(context, guardian)
    except (Taken, NotFound):
        gone = {"booked": "taken", "opening": None, "openings_seen": None, "booking_right": None}
        return Receipt(gone, (Say((Phrase("utter_opening_taken"),)),))
    said = Phrase(f"utter_booked_{appointment.mode}", appointment_values(appointment))
    return Receipt(
        {"booked": "yes", "appointment": appointment.id}, (Say((said, Phrase("utter_booked_next"))),)
    )


def _book(context: ActionContext, guardian: Guardian) -> Appointment:
    slots = context.slots
    plan = plan_of(context.session, guardian, slots, context.today)
    opening = find_opening(context.session, slots.get("opening"), plan.staff_ids, context.now)
    if plan.child is None:
        raise NotFound("the child is not this guardian's to book for")
    mode = slots.get("mode")
    wants = slots.get("interpreter") is True
    booking = Booking(
        opening_id=opening.id,
        student_id=plan.child.id,
        guardian_id=guardian.id,
        mode=mode if isinstance(mode, str) and mode in modes_of(opening) else modes_of(opening)[0],
        conversation_id=context.conversation.id,
        interpreter_language=interpreter_language(slots, context.conversation.language) if wants else None,
        childcare=slots.get("help_needed") in ("childcare", "both"),
        transport=slots.get("help_needed") in ("transport", "both"),
    )
    return book(context.session, booking, context.policy, context.now)
