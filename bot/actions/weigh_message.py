"""Whether the first message says enough to be passed on as it stands."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.case_words import keep_too_little

NAME = "action_weigh_message"


def run(context: ActionContext) -> Receipt:
    """Too little said: the words are kept as `opening_words`, and `message` is asked for."""
    return Receipt(
        keep_too_little("message", context.text_slot("message"), context.text_slot("case_kind") or "")
    )
