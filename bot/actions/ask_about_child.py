"""Ask which child a concern, question or note is about; "not about one child" is an answer too, and "all of them"."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say, Verbatim
from bot.school.case_words import TOLD_IN
from bot.school.said import children_asked

NAME = "action_ask_about_child"


def run(context: ActionContext) -> Receipt:
    """Which child? Not asked where there is one child or none, or where the words name or describe whom they mean.

    Where it is asked, the words are passed on first: the question may stay without an answer.
    """
    children = context.family.children
    kind = context.text_slot("case_kind") or ""
    if not children:
        return Receipt({"about_child": "none"})
    if len(children) == 1:
        return Receipt({"about_child": children[0].id})
    found = children_asked(children, context.slots, absent=kind == "absence")
    if found.one is not None:
        return Receipt({"about_child": int(str(found.one))})
    if found.together:
        return Receipt({"about_child": ",".join(map(str, found.ids))})
    meant = [child for child in children if child.id in found.ids] or children
    choices = [Choice(child.id, Verbatim(child.given_name)) for child in meant]
    choices.append(Choice("all", Phrase("utter_choice_all_children")))
    choices.append(Choice("none", Phrase("utter_choice_no_child")))
    kept = context.keep_words() if context.text_slot(TOLD_IN.get(kind, "")) else {}
    return Receipt(kept, (Say((Phrase("utter_ask_about_child"),), tuple(choices)),))
