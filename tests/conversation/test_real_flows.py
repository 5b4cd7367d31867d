"""The flows that the product ships."""

from __future__ import annotations

import pytest

from bot.actions.registry import discover
from bot.conversation.commands_line import FLOWS, action_names
from bot.conversation.definitions import FlowSet
from bot.conversation.loading import load_flows
from bot.conversation.patterns import REQUIRED
from bot.model.utterance import INTENTS


@pytest.fixture(scope="module")
def real() -> FlowSet:
    """All of flows/."""
    return load_flows(FLOWS, discover())


def test_the_real_flows_have_no_faults(real: FlowSet) -> None:
    assert set(REQUIRED) <= real.flows.keys()


def test_the_commands_see_the_actions_that_the_product_has() -> None:
    assert action_names() == discover().keys()


def test_every_intent_leads_somewhere(real: FlowSet) -> None:
    started = {
        trigger.name for flow in real.flows.values() for trigger in flow.triggers if trigger.kind == "intent"
    }
    assert set(INTENTS) - started == {"crisis", "opt_out", "talk_to_human"}  # taken before any flow


@pytest.mark.parametrize(
    "needed", ["911", "988", "call or text", "not watched all the time", "A person at the school"]
)
def test_the_crisis_text_says_what_it_must(real: FlowSet, needed: str) -> None:
    assert needed in real.responses["utter_crisis"].text


def test_the_confirmation_of_a_stop_is_one_short_text_without_anything_else(real: FlowSet) -> None:
    text = real.responses["utter_stopped"].text
    assert text == "You will get no more messages from {district}. Text START to get them again."


def test_every_response_of_the_patterns_is_short_enough_for_a_text_message(real: FlowSet) -> None:
    own = [response for response in real.responses.values() if response.file == "flows/patterns.yml"]
    assert own
    too_long = [response.name for response in own if len(response.text) > 300]
    assert too_long == []
