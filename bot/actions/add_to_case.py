"""A text that asks for nothing else, soon after a case was opened: it belongs to that case."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.case_keeping import correct_child
from bot.school.case_notes import Word, add_to_last_case, last_case
from bot.school.case_words import added_say, says_more
from bot.school.said import children_said

NAME = "action_add_to_case"
SMALL_TALK = frozenset({"affirm", "deny", "thank"})

BARE_NAME = 2
"""Words of a text that says hardly more than a name ("it's Ava"); in "Ava saw it" she may be a witness."""


def run(context: ActionContext) -> Receipt:
    """Sets `added_to_case`, and says so; silent where no case was opened a moment ago, or nothing more is said.

    A short yes, no or bare name that names another child of the family corrects whom the case is about.
    """
    session, family = context.session, context.family
    word = Word(context.conversation, context.turn, family.speaker, context.now)
    just_opened = last_case(session, word) is not None
    if not _tells(context):
        return Receipt({"added_to_case": False, "case_just_opened": just_opened})
    case = add_to_last_case(session, word)
    if case is None:
        return Receipt({"added_to_case": False, "case_just_opened": False})
    if context.utterance.intent.name in SMALL_TALK or len(word.text.split()) <= BARE_NAME:
        correct_child(session, case, family.children, word)
    return Receipt({"added_to_case": True, "case_reference": case.reference}, (added_say(case),))


def _tells(context: ActionContext) -> bool:
    """Whether the text says more than a bare yes, no or thanks. A stray "1" tells nobody anything."""
    text, intent = context.utterance.text, context.utterance.intent.name
    if intent not in SMALL_TALK:
        return any(letter.isalpha() for letter in text)
    named = bool(children_said(context.family.children, text, None).ids)
    return named or (intent != "thank" and not context.utterance.commands and says_more(text))
