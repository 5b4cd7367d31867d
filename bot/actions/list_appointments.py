"""Say which conferences stand."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say
from bot.school.conferences import live_appointments
from bot.school.plans import appointment_values

NAME = "action_list_appointments"
AT_MOST = 3


def run(context: ActionContext) -> Receipt:
    """The next three conferences, soonest first. Sets `appointments_listed`."""
    guardian = context.family.speaker
    found = live_appointments(context.session, [guardian.id], context.now) if guardian else []
    lines = tuple(Phrase("utter_appointment_stands", appointment_values(one)) for one in found[:AT_MOST])
    return Receipt({"appointments_listed": len(lines)}, (Say(lines),) if lines else ())
