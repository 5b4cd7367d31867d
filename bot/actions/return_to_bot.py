"""The family wants the menu back: the bot speaks again on a line that a person had taken over."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.case_work import return_to_bot
from bot.storage.cases import Case

NAME = "action_return_to_bot"


def run(context: ActionContext) -> Receipt:
    """Give the line back to the bot. The case stays with its owner."""
    key = context.conversation.case_id
    case = context.session.get(Case, key) if key is not None else None
    if case is not None:
        return_to_bot(context.session, case, "family", context.now)
    context.conversation.with_staff = False
    context.conversation.case_id = None
    return Receipt()
