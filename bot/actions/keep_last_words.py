"""A STOP that says more than stop: the office reads the rest."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.case_notes import Word, keep_last_words

NAME = "action_keep_last_words"


def run(context: ActionContext) -> Receipt:
    """Open a case where there is something to read, or a wrong number to correct. Says nothing: a STOP has one answer."""
    word = Word(context.conversation, context.turn, context.family.speaker, context.now)
    case = keep_last_words(context.session, word, context.promise)
    return Receipt({"case_reference": case.reference} if case else {})
