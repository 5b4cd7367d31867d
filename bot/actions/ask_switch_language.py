"""Ask whether to write in the language that the family writes in."""

from __future__ import annotations

from collections.abc import Collection

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say, Verbatim
from bot.school.language_offers import note_asked
from bot.school.languages import own_name

NAME = "action_ask_switch_language"


def run(context: ActionContext) -> Receipt:
    """The question in the other language, for whoever writes it, and below in the one so far, for whoever reads it;
    once where both read English.

    It is written down as asked at once: it never comes again, whatever is answered.
    """
    before = context.conversation.language
    other = note_asked(context.conversation) or before
    context.session.flush()
    values = {"language_name": Verbatim(own_name(other))}
    tags = dict.fromkeys(_read_in(tag, context.policy.spoken) for tag in (other, before))
    question = [Phrase("utter_ask_switch_language", values, tag) for tag in tags]
    choices = (
        Choice(True, Phrase("utter_yes", language=other)),
        Choice(False, Phrase("utter_no", language=other)),
    )
    return Receipt(say=(Say(tuple(question), choices),))


def _read_in(tag: str, spoken: Collection[str]) -> str:
    """The language a phrase is really read in where it is asked for in this one: English where there is none."""
    return tag if {tag, tag.split("-")[0]} & set(spoken) else "en"
