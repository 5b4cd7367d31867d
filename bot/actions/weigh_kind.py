"""Whether the words that were asked for say what kind of message it is."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.storage.cases import find_by_reference

NAME = "action_weigh_kind"
SURE = 0.85
KINDS = {"report_absence": "absence", "file_complaint": "complaint"}


def run(context: ActionContext) -> Receipt:
    """Sets `case_kind` anew when the text just given is clearly an absence or a complaint; later, to that of the case
    that holds the words already: another request in between had its own."""
    intent = context.utterance.intent
    given_now = context.text_slot("message") == context.utterance.text
    if given_now and intent.confidence >= SURE and intent.name in KINDS:
        return Receipt({"case_kind": KINDS[intent.name]})
    kept = find_by_reference(context.session, context.text_slot("message_kept") or "")
    return Receipt({"case_kind": kept.kind} if kept is not None else {})
