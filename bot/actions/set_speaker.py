"""Note who is writing on a shared telephone, and go on in that person's language."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.storage.people import list_contacts

NAME = "action_set_speaker"


def run(context: ActionContext) -> Receipt:
    """Only somebody who is on file for this very line can be taken for the speaker."""
    line = context.conversation
    contacts = list_contacts(context.session, line.channel, line.address)
    chosen = next((contact for contact in contacts if contact.id == context.slots.get("speaker")), None)
    line.contact_id = chosen.id if chosen else None
    if chosen is not None:
        line.language = chosen.language
    context.session.flush()
    return Receipt()
