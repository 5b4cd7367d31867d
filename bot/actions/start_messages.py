"""The family wants messages again."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say, Verbatim
from bot.school.consent import Will, is_stopped, start

NAME = "action_start_messages"


def run(context: ActionContext) -> Receipt:
    """Write it into the ledger and say so; to a START out of the blue, say that messages come already."""
    line = context.conversation
    was_stopped = is_stopped(context.session, line.channel, line.address)
    by_carrier = context.turn.message.opt_out_type == "START"
    will = Will(
        wording=context.turn.message.body,
        language=line.language,
        source="carrier" if by_carrier else "message",
        actor="family",
        contact_id=line.contact_id,
    )
    start(context.session, line.channel, line.address, will, context.now)
    name = "utter_started" if was_stopped else "utter_started_already"
    return Receipt(
        say=(Say((Phrase(name, {"district": Verbatim(context.policy.district)}),), kind="consent"),)
    )
