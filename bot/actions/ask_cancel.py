"""Ask once whether a conference is to be cancelled: its time would be free for others at once."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say
from bot.school.plans import appointment_values

NAME = "action_ask_cancel"


def run(context: ActionContext) -> Receipt:
    """Shall I? Not asked where the conference is not live any more: the cancelling itself says so."""
    appointment = context.appointment()
    if appointment is None:
        return Receipt({"cancel": True})
    return Receipt(say=(Say((Phrase("utter_ask_cancel", appointment_values(appointment)),)),))
