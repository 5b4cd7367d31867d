"""Whether the first message says enough to be passed on as it stands."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.case_words import says_enough

NAME = "action_weigh_message"


def run(context: ActionContext) -> Receipt:
    """Too little said: the words are kept as `opening_words`, and `message` is asked for."""
    said = context.text_slot("message")
    if said is None or says_enough(said):
        return Receipt()
    return Receipt({"message": None, "opening_words": said})
