"""Ask whom the family would like to meet."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say, Verbatim
from bot.school.guardians import Teacher
from bot.school.plans import ANYBODY, plan_of
from bot.school.said import teachers_said

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
    said = {name: context.text_slot(name) for name in ("teacher_words", "teaches")}
    found = teachers_said(plan.teachers, plan.child, context.text_slot("request") or "", said)
    first = context.slots.get("teacher_asked") is not True
    if first and found.one is not None:
        return Receipt({"teacher": int(str(found.one)), "teacher_asked": True})
    meant = [teacher for teacher in plan.teachers if teacher.staff.id in found.ids] if first else []
    question = Phrase("utter_ask_teacher", {"child": Verbatim(plan.child.given_name)})
    return Receipt({"teacher_asked": True}, (Say((question,), _choices(meant or plan.teachers)),))


def _choices(teachers: Sequence[Teacher]) -> tuple[Choice, ...]:
    choices = []
    for teacher in teachers[:AT_MOST]:
        name = Verbatim(teacher.label)
        counselor = Phrase("utter_choice_counselor", {"name": name})
        choices.append(Choice(teacher.staff.id, name if teacher.subject else counselor))
    choices.append(Choice(ANYBODY, Phrase("utter_choice_anybody")))
    return tuple(choices)
