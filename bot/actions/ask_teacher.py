"""Ask whom the family would like to meet."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say, Verbatim
from bot.school.naming import named_staff
from bot.school.plans import ANYBODY, Plan, plan_of

NAME = "action_ask_teacher"
AT_MOST = 8


def run(context: ActionContext) -> Receipt:
    """Whom? Not asked where there is one, or where the request names one. Sets "none" where there is nobody."""
    guardian = context.family.speaker
    plan = plan_of(context.session, guardian, context.slots, context.today) if guardian else None
    if plan is None or plan.child is None or not plan.teachers:
        return Receipt({"teacher": "none"})
    if len(plan.teachers) == 1:
        return Receipt({"teacher": plan.teachers[0].staff.id})
    named = named_staff([teacher.staff for teacher in plan.teachers], context.text_slot("request") or "")
    if named is not None and context.slots.get("teacher_asked") is not True:
        return Receipt({"teacher": named.id, "teacher_asked": True})
    question = Phrase("utter_ask_teacher", {"child": Verbatim(plan.child.given_name)})
    return Receipt({"teacher_asked": True}, (Say((question,), _choices(plan)),))


def _choices(plan: Plan) -> tuple[Choice, ...]:
    choices = []
    for teacher in plan.teachers[:AT_MOST]:
        name = Verbatim(teacher.label)
        counselor = Phrase("utter_choice_counselor", {"name": name})
        choices.append(Choice(teacher.staff.id, name if teacher.subject else counselor))
    choices.append(Choice(ANYBODY, Phrase("utter_choice_anybody")))
    return tuple(choices)
