"""Give a conference up."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say
from bot.model.errors import NotFound
from bot.school.conferences import appointment_of, cancel
from bot.school.plans import appointment_values

NAME = "action_cancel_appointment"


def run(context: ActionContext) -> Receipt:
    """Sets `change_made` and says so; where the conference is not live any more, says that."""
    key = context.slots.get("appointment")
    try:
        appointment = appointment_of(context.session, context.family.ids, key, context.now)
    except NotFound:
        return Receipt({"change_made": "no"}, (Say((Phrase("utter_appointment_gone"),)),))
    cancel(context.session, appointment, context.now)
    said = Phrase("utter_appointment_cancelled", appointment_values(appointment))
    return Receipt({"change_made": "yes"}, (Say((said,)),))
