"""Offer other times for a conference that is to be moved, three at a time."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say
from bot.school.openings import free_openings
from bot.school.plans import appointment_values, opening_choices, seen_ids
from bot.school.wishes import offer_for, wish_in, wish_of

NAME = "action_ask_new_opening"


def run(context: ActionContext) -> Receipt:
    """Which time instead? What fits the day and hour that were asked for comes first. Sets "none_left" where nothing is free, or where there is nothing to move any more."""
    appointment = context.appointment()
    if appointment is None:
        return Receipt({"new_opening": "none_left"})
    seen = seen_ids(context.slots)
    wish = wish_of(context.slots) or (None if seen else wish_in(context.utterance.entities))
    staff = [appointment.opening.staff_id]
    free = free_openings(context.session, staff, appointment.guardian_id, context.now)
    if not any(opening.id not in seen for opening in free):
        seen, wish = set(), None
    openings, more, words = offer_for(free, seen, wish, context.zone)
    if not openings:
        return Receipt({"new_opening": "none_left"})
    shown = ",".join(str(key) for key in sorted(seen | {opening.id for opening in openings}))
    question = Phrase("utter_ask_new_opening", appointment_values(appointment))
    choices = opening_choices(openings, with_name=False, more=more or bool(seen))
    return Receipt({"openings_seen": shown}, (Say((*words, question), choices),))
