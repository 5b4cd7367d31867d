"""Ask for the language of all further messages, each by its own name."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say, Verbatim
from bot.school.languages import named_language, own_name, refused_languages

NAME = "action_ask_new_language"
AT_ONCE = 8


def run(context: ActionContext) -> Receipt:
    """Which language? Not asked where the request names one. Only those the line writes are offered, and "more" for another."""
    said = context.text_slot("language_text") or ""
    if context.slots.get("language_asked") is not True:
        named = named_language(said) or next(iter(sorted(refused_languages(said))), None)
        if named is not None:  # of one that is refused the next step makes what is meant
            return Receipt({"new_language": named, "language_asked": True})
    choices = [Choice(tag, Verbatim(own_name(tag))) for tag in context.policy.spoken[:AT_ONCE]]
    choices.append(Choice("more", Phrase("utter_choice_another_language")))
    say = Say((Phrase("utter_ask_new_language"),), tuple(choices))
    return Receipt({"language_asked": True}, (say,))
