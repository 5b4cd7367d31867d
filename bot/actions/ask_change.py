"""Say which conference stands, and ask what is to be done with it."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say
from bot.school.plans import appointment_values

NAME = "action_ask_change"
_CHOICES = ("move", "cancel", "confirm", "keep")


def run(context: ActionContext) -> Receipt:
    """Move it, cancel it, confirm it, or leave it? Sets "gone" when it is not live any more."""
    appointment = context.appointment()
    if appointment is None:
        return Receipt({"change": "gone"})
    choices = tuple(Choice(value, Phrase(f"utter_choice_{value}")) for value in _CHOICES)
    return Receipt(say=(Say((Phrase("utter_ask_change", appointment_values(appointment)),), choices),))
