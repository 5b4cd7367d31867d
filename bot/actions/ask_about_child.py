"""Ask which child a concern, question or note is about; "not about one child" is an answer too."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say, Verbatim
from bot.school.case_words import TOLD_IN
from bot.school.said import children_said

NAME = "action_ask_about_child"
_WORDS = ("concern", "message", "opening_words")


def run(context: ActionContext) -> Receipt:
    """Which child? Not asked where there is one child or none, or where the words name or describe one.

    Where it is asked, the words are passed on first: the question may stay without an answer.
    """
    children = context.family.children
    if not children:
        return Receipt({"about_child": "none"})
    if len(children) == 1:
        return Receipt({"about_child": children[0].id})
    said = " ".join(text for name in _WORDS if (text := context.text_slot(name)))
    kin = context.text_slot("concern_kin") or context.text_slot("message_kin")
    found = children_said(children, said, kin)
    if found.one is not None:
        return Receipt({"about_child": int(str(found.one))})
    meant = [child for child in children if child.id in found.ids] or children
    choices = [Choice(child.id, Verbatim(child.given_name)) for child in meant]
    choices.append(Choice("none", Phrase("utter_choice_no_child")))
    kind = context.text_slot("case_kind") or ""
    kept = context.keep_words() if context.text_slot(TOLD_IN.get(kind, "")) else {}
    return Receipt(kept, (Say((Phrase("utter_ask_about_child"),), tuple(choices)),))
