"""Say what is about to be booked, and ask whether it is right."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say, Text, Value, Verbatim
from bot.school.languages import own_name
from bot.school.plans import full_name, interpreter_language, plan_of
from bot.storage.conferences import Opening

NAME = "action_ask_booking_right"


def run(context: ActionContext) -> Receipt:
    """The summary, one sentence a line, with what was asked for besides; then: is this right?"""
    guardian = context.family.speaker
    key = context.slots.get("opening")
    opening = context.session.get(Opening, key) if isinstance(key, int) else None
    plan = plan_of(context.session, guardian, context.slots, context.today) if guardian else None
    if opening is None or plan is None or plan.child is None:
        return Receipt({"booking_right": True})  # the booking itself says what is missing
    values: dict[str, Value] = {
        "child": Verbatim(plan.child.given_name),
        "teacher": full_name(opening.staff),
        "starts_at": opening.starts_at,
    }
    what = Phrase(f"utter_summary_{context.slots.get('mode')}", values)
    return Receipt(say=(Say((what, *_besides(context), Phrase("utter_ask_booking_right"))),))


def _besides(context: ActionContext) -> list[Text]:
    lines: list[Text] = []
    if context.slots.get("interpreter") is True:
        language = interpreter_language(context.slots, context.conversation.language)
        lines.append(Phrase("utter_summary_interpreter", {"language_name": Verbatim(own_name(language))}))
    if context.slots.get("help_needed") in ("childcare", "both"):
        lines.append(Phrase("utter_summary_childcare"))
    if context.slots.get("help_needed") in ("transport", "both"):
        lines.append(Phrase("utter_summary_transport"))
    return lines
