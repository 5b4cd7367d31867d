"""From now on answer in another language."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say, Verbatim
from bot.school.case_notes import Word, keep_for_office
from bot.school.languages import OWN_NAMES, own_name
from bot.school.line_language import prefer, speak

NAME = "action_set_language"


def run(context: ActionContext) -> Receipt:
    """Sets `language_set`. On a known line the wish is kept for whoever speaks, for reminders and staff too.

    Of a language the bot's own phrases do not exist in that is said, and a person with an interpreter is offered.
    """
    chosen = context.text_slot("new_language") or ""
    prefer(context.session, context.conversation, chosen, context.now, how="asked")
    if chosen not in context.policy.spoken:
        return Receipt({"language_set": False}, (_not_spoken(context, chosen),))
    speak(context.session, context.conversation, chosen)
    values = {"language_name": Verbatim(own_name(chosen))}
    return Receipt({"language_set": True}, (Say((Phrase("utter_language_set", values),)),))


def _not_spoken(context: ActionContext, chosen: str) -> Say:
    """Which language it will be until then, in fact: what the line cannot write comes out in English."""
    now = context.conversation.language
    written = now if now in context.policy.spoken else "en"
    name = own_name(chosen)
    if chosen not in OWN_NAMES:  # no contact can hold it: the words themselves are kept
        name = context.text_slot("language_wish") or context.utterance.text
        word = Word(context.conversation, context.turn, context.family.speaker, context.now)
        keep_for_office(context.session, word, context.promise)
    values = {"language_name": Verbatim(name), "written": Verbatim(own_name(written))}
    return Say((Phrase("utter_language_not_spoken", values),))
