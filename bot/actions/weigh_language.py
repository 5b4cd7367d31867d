"""Whether the language that was named is the one that is wanted ("I don't speak English")."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt, SlotValue
from bot.school.languages import named_language, refused_languages

NAME = "action_weigh_language"


def run(context: ActionContext) -> Receipt:
    """Replaces a `new_language` that the family says it does not speak: by the one it names besides, by the one
    it writes in, where that is another than now; else it is asked."""
    text = context.utterance.text
    chosen = context.text_slot("new_language")
    refused = refused_languages(text)
    done: dict[str, SlotValue] = {"language_asked": True}
    if not refused or (chosen is not None and chosen not in refused):
        return Receipt(done)
    wanted = named_language(text)
    written = context.utterance.written_in
    if wanted is None and written not in (None, context.conversation.language, *refused):
        wanted = written
    return Receipt({**done, "new_language": wanted})
