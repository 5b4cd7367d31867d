"""Several requests in one text: which goes first, what is kept for later, and how the next one is taken up."""

from __future__ import annotations

from bot.conversation.patterns import restart_with
from bot.conversation.triggers import HAND_OVER, flow_by_intent, start_flow
from bot.conversation.walk import Walk
from bot.model.dialogue import Request
from bot.model.utterance import Utterance

MOST_WAITING = 3
"""Requests kept at once, those of the latest text first: older ones a family writes again."""

AT_ONCE = frozenset({"ask_question", "check_status"})
"""Intents that are answered without asking back: they go first, so that nobody waits for a plain answer."""

PLANS = {2: "utter_two_requests", 3: "utter_three_requests"}
"""What is said before the first of so many requests."""


def take_up(walk: Walk, utterance: Utterance) -> bool:
    """Start the first of several requests and keep the others; false where the text is to be taken as one."""
    if len(requests := _requests(walk, utterance)) < 2:
        return False
    wait(walk, requests)
    if len(requests) > 2 or requests[0].intent not in AT_ONCE:
        walk.utter(PLANS[len(requests)])
    start_next(walk)
    if walk.stack:
        walk.asking = None  # whatever was open is asked again when its flow goes on
    return True


def keep_others(walk: Walk, utterance: Utterance) -> None:
    """Keep the requests that stand beside the answer to a question."""
    wait(walk, _requests(walk, utterance))


def wait(walk: Walk, requests: list[Request]) -> None:
    """Keep these requests, before those that wait already."""
    if requests:
        walk.trail.append(f"several/{'+'.join(request.intent for request in requests)}")
        walk.waiting = [*requests, *walk.waiting][:MOST_WAITING]


def start_next(walk: Walk) -> None:
    """Run the flow of the request that waits first. A wish for a person ends everything else, so it comes last."""
    request, walk.steps = walk.waiting.pop(0), 0
    if request.flow == HAND_OVER:
        restart_with(walk, "human_handoff", keep_slots=True)
        return
    walk.slots["whole_text"] = request.whole
    start_flow(walk, walk.flow_set.flows[request.flow], request.text, request.entities)


def _requests(walk: Walk, utterance: Utterance) -> list[Request]:
    """What can be started, in the order in which it will be."""
    found = [request for part in utterance.parts if (request := _request(walk, part, utterance.text))]
    return sorted(found, key=lambda request: (request.flow == HAND_OVER, request.intent not in AT_ONCE))


def _request(walk: Walk, part: Utterance, whole: str) -> Request | None:
    intent = part.intent.name
    flow = walk.flow_set.flows[HAND_OVER] if intent == "talk_to_human" else flow_by_intent(walk, part)
    return Request(intent, flow.id, part.text, whole, part.entities) if flow else None
