"""Ask for the language of all further messages, each by its own name."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say, Verbatim
from bot.school.languages import named_language, own_name

NAME = "action_ask_new_language"
AT_ONCE = 8


def run(context: ActionContext) -> Receipt:
    """Which language? Not asked where the request names one. Eight at a time, because one digit answers."""
    named = named_language(context.text_slot("language_text") or "")
    if named is not None and context.slots.get("language_asked") is not True:
        return Receipt({"new_language": named, "language_asked": True})
    offered = context.policy.languages
    later = context.slots.get("languages_page") == "second"
    shown = offered[AT_ONCE:] if later else offered[:AT_ONCE]
    choices = [Choice(tag, Verbatim(own_name(tag))) for tag in shown[:AT_ONCE]]
    if len(offered) > AT_ONCE:
        choices.append(Choice("more", Phrase("utter_choice_other_languages")))
    page = "first" if later else "second"
    return Receipt(
        {"languages_page": page, "language_asked": True},
        (Say((Phrase("utter_ask_new_language"),), tuple(choices)),),
    )
