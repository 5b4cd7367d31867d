"""Another adult of a shared telephone says who is writing ("soy Liam")."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say, Verbatim
from bot.school.family import introduced_contact

NAME = "action_hear_speaker"


def run(context: ActionContext) -> Receipt:
    """Note who writes now, and go on in that person's language. Where the name fits several, nobody is taken for it."""
    line = context.conversation
    contact = introduced_contact(context.session, line, context.utterance.text)
    line.contact_id = contact.id if contact else None
    if contact is None:
        return Receipt(say=(Say((Phrase("utter_speaker_unknown"),)),))
    line.language = contact.language
    context.session.flush()
    values = {"name": Verbatim(contact.guardian.given_name)}
    return Receipt(say=(Say((Phrase("utter_speaker_noted", values),)),))
