"""From now on answer in another language."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say, Verbatim
from bot.school.guardians import speaker_contact
from bot.school.languages import own_name

NAME = "action_set_language"


def run(context: ActionContext) -> Receipt:
    """Sets `language_set`. On a known line the choice is kept for whoever speaks, for reminders and staff too.

    A language the bot's own phrases do not exist in is refused in words, and a person is offered.
    """
    chosen = context.text_slot("new_language")
    if chosen is None or chosen not in context.policy.languages:
        values = {"language_name": Verbatim(own_name(chosen or ""))}
        return Receipt({"language_set": False}, (Say((Phrase("utter_language_not_spoken", values),)),))
    context.conversation.language = chosen
    contact = speaker_contact(context.session, context.conversation)
    if contact is not None:
        contact.language = chosen
    context.session.flush()
    values = {"language_name": Verbatim(own_name(chosen))}
    return Receipt({"language_set": True}, (Say((Phrase("utter_language_set", values),)),))
