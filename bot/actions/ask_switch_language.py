"""Ask whether to write in the language that the family writes in."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say, Verbatim
from bot.school.language_offers import note_asked
from bot.school.languages import own_name

NAME = "action_ask_switch_language"


def run(context: ActionContext) -> Receipt:
    """The question in the other language, for whoever writes it, and below in the one so far, for whoever reads it.

    It is written down as asked at once: it never comes again, whatever is answered.
    """
    before = context.conversation.language
    other = note_asked(context.conversation) or before
    context.session.flush()
    values = {"language_name": Verbatim(own_name(other))}
    question = [Phrase("utter_ask_switch_language", values, tag) for tag in (other, before)]
    choices = (
        Choice(True, Phrase("utter_yes", language=other)),
        Choice(False, Phrase("utter_no", language=other)),
    )
    return Receipt(say=(Say(tuple(question), choices),))
