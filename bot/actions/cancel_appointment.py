"""Give a conference up."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.appointment_changes import Change, change_appointment
from bot.school.conferences import cancel

NAME = "action_cancel_appointment"


def run(context: ActionContext) -> Receipt:
    """Sets `change_made` and says so; where the conference is not live any more, says that."""
    key = context.slots.get("appointment")
    change = Change(cancel, "utter_appointment_cancelled")
    return change_appointment(context.session, context.family.ids, key, change, context.now)
