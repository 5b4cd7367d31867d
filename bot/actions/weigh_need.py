"""Whether the help that is looked for must be spoken of with care."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.school.needs import BY_NAME

NAME = "action_weigh_need"


def run(context: ActionContext) -> Receipt:
    """Sets `delicate`: a number for help against violence at home must not light up on a screen unasked."""
    need = BY_NAME.get(str(context.slots.get("need")))
    return Receipt({"delicate": need is not None and need.delicate})
