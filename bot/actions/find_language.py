"""The language a family wishes for, named in its own words."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.languages import named_language

NAME = "action_find_language"
UNKNOWN = "unknown"


def run(context: ActionContext) -> Receipt:
    """Sets `new_language` to the tag, or to "unknown" for a language this line has no tag for."""
    return Receipt({"new_language": named_language(context.text_slot("language_wish") or "") or UNKNOWN})
