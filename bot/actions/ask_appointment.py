"""Ask which of several conferences is meant."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say
from bot.school.conferences import live_appointments
from bot.school.plans import appointment_values

NAME = "action_ask_appointment"
AT_MOST = 8


def run(context: ActionContext) -> Receipt:
    """Which conference? Not asked where there is one; sets "none" where there is none."""
    guardian = context.family.speaker
    found = live_appointments(context.session, [guardian.id], context.now) if guardian else []
    if not found:
        return Receipt({"appointment": "none"})
    if len(found) == 1:
        return Receipt({"appointment": found[0].id})
    choices = tuple(
        Choice(one.id, Phrase("utter_choice_appointment", appointment_values(one))) for one in found[:AT_MOST]
    )
    return Receipt(say=(Say((Phrase("utter_ask_appointment"),), choices),))
