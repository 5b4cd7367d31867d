"""Whether the words that were asked for say what kind of message it is."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt

NAME = "action_weigh_kind"
SURE = 0.85
KINDS = {"report_absence": "absence", "file_complaint": "complaint"}


def run(context: ActionContext) -> Receipt:
    """Sets `case_kind` anew when the text just given is clearly an absence or a complaint."""
    intent = context.utterance.intent
    given_now = context.text_slot("message") == context.utterance.text
    if not given_now or intent.confidence < SURE or intent.name not in KINDS:
        return Receipt()
    return Receipt({"case_kind": KINDS[intent.name]})
