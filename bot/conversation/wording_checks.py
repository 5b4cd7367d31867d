"""Whether everything a response needs is there when a flow says it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.conversation import facts
from bot.conversation.definitions import BRACE, Flow, FlowSet
from bot.conversation.faults import unknown


def brace_faults(known: FlowSet, flow: Flow, response: str) -> Iterator[str]:
    """Braces of a response that are neither a slot nor a fact. Those an action fills cannot be known from here."""
    for brace in BRACE.findall(known.responses[response].text):
        if brace in known.slots or brace in facts.KNOWN:
            continue
        if brace in facts.FLOW_NAMES:
            if not flow.is_pattern:
                yield f"the response `{response}` uses {{{brace}}}, which only patterns can fill"
            continue
        what = unknown("variable", brace, (*known.slots, *facts.KNOWN))
        yield f"the response `{response}` has a variable that nothing fills: {what}"


def malformed_braces(text: str) -> bool:
    """Whether a text has a brace that is not a plain `{name}`."""
    rest = BRACE.sub("", text)
    return "{" in rest or "}" in rest
