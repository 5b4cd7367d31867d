"""A text that asks for nothing else, soon after a case was opened: it belongs to that case."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.case_notes import Word, add_to_last_case
from bot.school.case_words import added_say

NAME = "action_add_to_case"


def run(context: ActionContext) -> Receipt:
    """Sets `added_to_case`, and says so; silent where no case was opened a moment ago."""
    if not any(letter.isalpha() for letter in context.utterance.text):
        return Receipt({"added_to_case": False})  # a stray "1" tells nobody anything
    word = Word(context.conversation, context.turn, context.family.speaker, context.now)
    case = add_to_last_case(context.session, word)
    if case is None:
        return Receipt({"added_to_case": False})
    return Receipt({"added_to_case": True, "case_reference": case.reference}, (added_say(case),))
