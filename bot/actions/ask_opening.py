"""Offer times for a new conference, three at a time."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say
from bot.school.openings import free_openings
from bot.school.plans import opening_choices, plan_of, seen_ids
from bot.school.wishes import offer_for, wish_of

NAME = "action_ask_opening"


def run(context: ActionContext) -> Receipt:
    """Which time? What fits the day and hour that were asked for comes first, and the wish is said back. After the last ones it begins again with the first. Sets "none_left" where nothing is free."""
    guardian = context.family.speaker
    plan = plan_of(context.session, guardian, context.slots, context.today) if guardian else None
    if plan is None or guardian is None:
        return Receipt({"opening": "none_left"})
    free = free_openings(context.session, plan.staff_ids, guardian.id, context.now)
    offer = offer_for(free, seen_ids(context.slots), wish_of(context.slots), context.zone)
    if not offer.openings:
        return Receipt({"opening": "none_left"})
    choices = opening_choices(offer.openings, with_name=len(plan.chosen) > 1, more=offer.more)
    slots = {
        "openings_seen": offer.seen,
        "offered_for": f"{context.slots.get('child')}/{context.slots.get('teacher')}",
    }
    return Receipt(slots, (Say((*offer.words, Phrase("utter_ask_opening")), choices),))
