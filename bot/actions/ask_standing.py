"""There is such a conference already: keep it, move it, or book another one?"""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say
from bot.school.plans import appointment_values

NAME = "action_ask_standing"
_CHOICES = ("keep", "move", "another")


def run(context: ActionContext) -> Receipt:
    """Ask; where the conference is gone meanwhile, go on as if there had been none."""
    appointment = context.appointment()
    if appointment is None:
        return Receipt({"standing": "another"})
    choices = tuple(Choice(value, Phrase(f"utter_choice_{value}")) for value in _CHOICES)
    return Receipt(say=(Say((Phrase("utter_ask_standing", appointment_values(appointment)),), choices),))
