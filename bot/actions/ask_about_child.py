"""Ask which child a concern, question or note is about; "not about one child" is an answer too."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say, Verbatim
from bot.school.naming import named_child

NAME = "action_ask_about_child"
_WORDS = ("concern", "message", "opening_words")


def run(context: ActionContext) -> Receipt:
    """Which child? Not asked where there is one child or none, or where the words name one."""
    children = context.family.children
    if not children:
        return Receipt({"about_child": "none"})
    if len(children) == 1:
        return Receipt({"about_child": children[0].id})
    said = " ".join(text for name in _WORDS if (text := context.text_slot(name)))
    named = named_child(children, said)
    if named is not None:
        return Receipt({"about_child": named.id})
    choices = [Choice(child.id, Verbatim(child.given_name)) for child in children]
    choices.append(Choice("none", Phrase("utter_choice_no_child")))
    return Receipt(say=(Say((Phrase("utter_ask_about_child"),), tuple(choices)),))
