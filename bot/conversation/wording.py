"""Makes messages of responses: fills their braces and numbers their buttons."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bot.conversation.definitions import BRACE, button_label, flow_name
from bot.conversation.facts import FLOW_NAMES, WAITING_FLOWS
from bot.conversation.stack import beneath
from bot.model.dialogue import Choice, Phrase, Say, SlotValue, Value

if TYPE_CHECKING:
    from bot.conversation.walk import Walk

YES_NO = (Choice(True, Phrase("utter_yes")), Choice(False, Phrase("utter_no")))


def compose(walk: Walk, *responses: str) -> Say:
    """One message of these responses, with the buttons of the last.

    Somebody who said STOP hears only what he asks for (HELP), so that counts as consent traffic.
    """
    texts = tuple(_phrase(walk, name) for name in responses)
    return Say(texts, _buttons(walk, responses[-1]), "consent" if walk.facts.get("opted_out") else "reply")


def _phrase(walk: Walk, name: str) -> Phrase:
    braces = BRACE.findall(walk.flow_set.responses[name].text)
    return Phrase(name, {brace: _value(walk, brace) for brace in braces})


def _value(walk: Walk, name: str) -> Value:
    if name in FLOW_NAMES:
        flow = _waiting_flow(walk, name) if name in WAITING_FLOWS else beneath(walk.stack)
        return Phrase(flow_name(flow)) if flow else ""
    return as_value(walk.slots.get(name) if name in walk.flow_set.slots else walk.facts.get(name))


def _waiting_flow(walk: Walk, name: str) -> str | None:
    place = WAITING_FLOWS.index(name)
    flow = walk.waiting[place].flow if place < len(walk.waiting) else None
    return flow if flow and walk.flow_set.flows[flow].name else None


def as_value(value: SlotValue) -> Value:
    """A slot's value as a phrase takes it. What has no words (null, true, false) is left out."""
    if value is None or isinstance(value, bool):
        return ""
    return Decimal(str(value)) if isinstance(value, float) else value


def _buttons(walk: Walk, response: str) -> tuple[Choice, ...]:
    buttons = walk.flow_set.responses[response].buttons
    return tuple(Choice(value, Phrase(button_label(response, n))) for n, (_, value) in enumerate(buttons, 1))
