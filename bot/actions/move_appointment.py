"""Move a conference to another time."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say
from bot.model.errors import NotFound, Taken
from bot.school.appointment_changes import gone
from bot.school.conferences import move
from bot.school.openings import find_opening
from bot.school.plans import appointment_values

NAME = "action_move_appointment"


def run(context: ActionContext) -> Receipt:
    """Sets `change_made`: "yes", "taken" (the old time stands, others are offered) or "no" (nothing to move)."""
    slots = context.slots
    appointment = context.appointment()
    if appointment is None:
        return gone()
    try:
        staff = [appointment.opening.staff_id]
        opening = find_opening(context.session, slots.get("new_opening"), staff, context.now)
        moved = move(context.session, appointment, opening.id, context.policy, context.now)
    except (NotFound, Taken):
        again = {"change_made": "taken", "new_opening": None, "openings_seen": None}
        return Receipt(again, (Say((Phrase("utter_opening_taken"),)),))
    said = Phrase("utter_appointment_moved", appointment_values(moved))
    return Receipt({"change_made": "yes", "appointment": moved.id}, (Say((said,)),))
