"""A bare letter answers the last reminder: note which conference that was about."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.reminders import reminded_appointment

NAME = "action_use_reminded"


def run(context: ActionContext) -> Receipt:
    """Sets `appointment`; the reminder went to this line, so no further question is needed."""
    key = reminded_appointment(context.session, context.family.ids, context.now)
    return Receipt({"appointment": key if key is not None else "none"})
