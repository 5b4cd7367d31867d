"""After an answer was given or changed: drop later answers that no longer fit, note a conference that stands already."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt, SlotValue
from bot.model.errors import NotFound
from bot.school.conferences import live_appointments
from bot.school.openings import find_opening, modes_of
from bot.school.plans import ANYBODY, Plan, plan_of

NAME = "action_fit_plan"


def run(context: ActionContext) -> Receipt:
    """Empties `teacher`, `opening` and `mode` where they do not fit; sets `appointment` to one that exists already."""
    guardian = context.family.speaker
    if guardian is None:
        return Receipt({"child": None, "teacher": None, "opening": None})
    plan = plan_of(context.session, guardian, context.slots, context.today)
    slots: dict[str, SlotValue] = {"appointment": _standing(context, plan)}
    if (
        context.slots.get("teacher") is not None
        and not plan.chosen
        and context.slots.get("teacher") != "none"
    ):
        slots["teacher"] = None
    return Receipt({**slots, **_opening_slots(context, plan)})


def _opening_slots(context: ActionContext, plan: Plan) -> dict[str, SlotValue]:
    chosen = context.slots.get("opening")
    if not isinstance(chosen, int):
        return {}
    offered_for = f"{context.slots.get('child')}/{context.slots.get('teacher')}"
    try:
        if context.slots.get("offered_for") != offered_for:
            raise NotFound("this time was offered for somebody else")
        opening = find_opening(context.session, chosen, plan.staff_ids, context.now)
    except NotFound:
        return {"opening": None, "openings_seen": None, "mode": None}
    return {} if context.slots.get("mode") in modes_of(opening) else {"mode": None}


def _standing(context: ActionContext, plan: Plan) -> int | None:
    """The conference about this child with this very person that is booked already."""
    if plan.child is None or context.slots.get("teacher") in (None, ANYBODY):
        return None
    for appointment in live_appointments(context.session, [plan.guardian.id], context.now):
        same = appointment.student_id == plan.child.id and appointment.opening.staff_id in plan.staff_ids
        if same:
            return appointment.id
    return None
