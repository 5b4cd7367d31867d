"""The family wants no more messages: honoured at once, confirmed once."""

from __future__ import annotations

from bot.actions.context import ActionContext
from bot.model.dialogue import Phrase, Receipt, Say, Verbatim
from bot.school.consent import Will, said_stop, stop

NAME = "action_stop_messages"


def run(context: ActionContext) -> Receipt:
    """Write it into the ledger, drop what waits, confirm.

    Nothing is said where the carrier has confirmed already, nor to a second STOP: one confirmation is all
    that may follow.
    """
    line = context.conversation
    stopped_before = said_stop(context.session, line.channel, line.address)
    by_carrier = context.turn.message.opt_out_type == "STOP"
    will = Will(
        wording=context.turn.message.body,
        language=line.language,
        source="carrier" if by_carrier else "message",
        actor="family",
        contact_id=line.contact_id,
    )
    stop(context.session, line.channel, line.address, will, context.now)
    if stopped_before or by_carrier:
        return Receipt()
    confirmation = Phrase("utter_stopped", {"district": Verbatim(context.policy.district)})
    return Receipt(say=(Say((confirmation,), kind="consent"),))
