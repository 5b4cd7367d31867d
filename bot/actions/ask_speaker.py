"""On a shared telephone: ask who is writing, by first names."""

from __future__ import annotations

from collections import Counter

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say, Verbatim
from bot.storage.people import Guardian, list_contacts

NAME = "action_ask_speaker"


def run(context: ActionContext) -> Receipt:
    """Who is writing? Also answers itself where only one guardian is left on the line."""
    line = context.conversation
    contacts = list_contacts(context.session, line.channel, line.address)
    if len(contacts) == 1:
        return Receipt({"speaker": contacts[0].id})
    alike = Counter(contact.guardian.given_name for contact in contacts)
    choices = [
        Choice(contact.id, Verbatim(_name(contact.guardian, alone=alike[contact.guardian.given_name] == 1)))
        for contact in contacts
    ]
    choices.append(Choice("other", Phrase("utter_choice_somebody_else")))
    return Receipt(say=(Say((Phrase("utter_ask_speaker"),), tuple(choices)),))


def _name(guardian: Guardian, *, alone: bool) -> str:
    """The first name; with the first letter of the family name where two share it."""
    return guardian.given_name if alone else f"{guardian.given_name} {guardian.family_name[:1]}."
