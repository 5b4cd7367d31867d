"""Ask which child a conference is about."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say, Verbatim
from bot.school.guardians import children_of
from bot.school.said import children_said

NAME = "action_ask_child"


def run(context: ActionContext) -> Receipt:
    """Which child? Of two that the request may mean, these two are asked about. Sets "none" where no conference can be booked by text: the office arranges those.

    A conference is about a child's records, so only children whose records the guardian may receive count.
    The reason is never said.
    """
    guardian = context.family.speaker
    children = children_of(context.session, guardian, context.today, records=True) if guardian else []
    if not children:
        return Receipt({"child": "none"})
    if len(children) == 1:
        return Receipt({"child": children[0].id})
    found = children_said(children, context.text_slot("request") or "", context.text_slot("child_words"))
    first = context.slots.get("child_asked") is not True
    if first and found.one is not None:
        return Receipt({"child": int(str(found.one)), "child_asked": True})
    meant = [child for child in children if child.id in found.ids] if first else []
    choices = tuple(Choice(child.id, Verbatim(child.given_name)) for child in meant or children)
    return Receipt({"child_asked": True}, (Say((Phrase("utter_ask_child"),), choices),))
