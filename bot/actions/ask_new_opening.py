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
    offer = offer_for(free, seen, wish, context.zone)
    if not offer.openings:
        return Receipt({"new_opening": "none_left"})
    question = Phrase("utter_ask_new_opening", appointment_values(appointment))
    choices = opening_choices(offer.openings, with_name=False, more=offer.more)
    return Receipt({"openings_seen": offer.seen}, (Say((*offer.words, question), choices),))
