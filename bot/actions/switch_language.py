"""From now on answer in the language that was offered."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say, Verbatim
from bot.school.language_offers import read_watch
from bot.school.languages import own_name
from bot.school.line_language import prefer, speak

NAME = "action_switch_language"


def run(context: ActionContext) -> Receipt:
    """Changes the language of the line and of whoever speaks, as a request for another language does."""
    chosen = read_watch(context.conversation).tag
    if chosen is None:
        return Receipt()
    prefer(context.session, context.conversation, chosen, context.now, how="offered")
    speak(context.session, context.conversation, chosen)
    return Receipt(say=(Say((Phrase("utter_language_set", {"language_name": Verbatim(own_name(chosen))}),)),))
