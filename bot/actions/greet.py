"""Say hello, who is speaking, and what can be asked."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say, Verbatim

NAME = "action_greet"


def run(context: ActionContext) -> Receipt:
    """Names the district and says that this is an automated line."""
    return Receipt(say=(Say((Phrase("utter_greet", {"district": Verbatim(context.policy.district)}),)),))
