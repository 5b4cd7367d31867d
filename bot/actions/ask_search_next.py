"""After three services: more of them, fewer kinds, another kind, or enough?"""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say

NAME = "action_ask_search_next"


def run(context: ActionContext) -> Receipt:
    """What next? Only what makes a difference is offered."""
    values = []
    if context.slots.get("services_more") is True:
        values.append("more")
    if context.slots.get("only_free") is not True:
        values.append("free")
    if context.slots.get("only_language") is not True and context.conversation.language != "en":
        values.append("language")
    choices = tuple(
        Choice(value, Phrase(f"utter_choice_search_{value}")) for value in (*values, "other", "no")
    )
    return Receipt(say=(Say((Phrase("utter_ask_search_next"),), choices),))
