"""The family goes no further with what it began to tell: people have its words, and it learns so."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.case_keeping import leave
from bot.school.case_notes import Word
from bot.school.case_words import TOLD_IN, opened_say

NAME = "action_leave_words"


def run(context: ActionContext) -> Receipt:
    """Says which case holds the words of what was just given up; silent where none does."""
    speaker = context.family.speaker
    held = [kept for slot in set(TOLD_IN.values()) if (kept := context.text_slot(f"{slot}_kept"))]
    case = leave(context.session, Word(context.conversation, context.turn, speaker, context.now), held)
    return Receipt(say=(opened_say(case, named=speaker is not None),) if case is not None else ())
