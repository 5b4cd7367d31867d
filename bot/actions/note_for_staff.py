"""A person has taken over this line: what the family writes goes to that person; the bot says nothing."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.cases import CaseRequest, add_message, open_case, renew
from bot.storage.cases import Case

NAME = "action_note_for_staff"


def run(context: ActionContext) -> Receipt:
    """Keep the message with the case, which waits for an answer again."""
    words = context.turn.message.body
    key = context.conversation.case_id
    case = context.session.get(Case, key) if key is not None else None
    if case is None:  # somebody took the line over without a case: the words still need an owner
        request = CaseRequest("person", words, context.conversation, context.turn, context.family.speaker)
        case = open_case(context.session, request, context.promise, context.now)
        context.conversation.case_id = case.id
        return Receipt({"case_reference": case.reference})
    add_message(context.session, case, words, context.turn, context.now)
    renew(context.session, case, context.promise, context.now)
    return Receipt({"case_reference": case.reference})
