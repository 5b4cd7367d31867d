"""Say the answer that was chosen."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.knowledge import answer_say, find_article

NAME = "action_give_article"


def run(context: ActionContext) -> Receipt:
    """Sets `found` to "none" when the article has been withdrawn since it was offered."""
    article = find_article(context.session, context.slots.get("article"))
    if article is None:
        return Receipt({"found": "none"})
    return Receipt({"found": "sure"}, (answer_say(article),))
