"""Ask which child a conference is about."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Choice, Phrase, Receipt, Say, Verbatim
from bot.school.guardians import children_of
from bot.school.naming import named_child

NAME = "action_ask_child"


def run(context: ActionContext) -> Receipt:
    """Which child? Sets "none" where no conference can be booked by text: the office arranges those.

    A conference is about a child's records, so only children whose records the guardian may receive count.
    The reason is never said.
    """
    guardian = context.family.speaker
    children = children_of(context.session, guardian, context.today, records=True) if guardian else []
    if not children:
        return Receipt({"child": "none"})
    if len(children) == 1:
        return Receipt({"child": children[0].id})
    named = named_child(children, context.text_slot("request") or "")
    if named is not None and context.slots.get("child_asked") is not True:
        return Receipt({"child": named.id, "child_asked": True})
    choices = tuple(Choice(child.id, Verbatim(child.given_name)) for child in children)
    return Receipt({"child_asked": True}, (Say((Phrase("utter_ask_child"),), choices),))
