"""Ask which language the interpreter is to speak, where the conversation's own does not tell."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say

NAME = "action_ask_interpreter_language"


def run(context: ActionContext) -> Receipt:
    """Which language? A family that texts in another language than English is not asked."""
    if context.conversation.language != "en":
        return Receipt({"interpreter_language": context.conversation.language})
    return Receipt(say=(Say((Phrase("utter_ask_interpreter_language"),)),))
