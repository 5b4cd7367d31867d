"""Ask whether an interpreter is wanted; what is on file is said, not decided."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say, Verbatim
from bot.school.languages import own_name

NAME = "action_ask_interpreter"


def run(context: ActionContext) -> Receipt:
    """An interpreter? Worded by what the roster says; the need is never taken from a name or a language."""
    guardian = context.family.speaker
    language = context.conversation.language
    if guardian is not None and guardian.interpreter_needed and language != "en":
        values = {"language_name": Verbatim(own_name(language))}
        return Receipt(say=(Say((Phrase("utter_ask_interpreter_on_file", values),)),))
    return Receipt(say=(Say((Phrase("utter_ask_interpreter"),)),))
