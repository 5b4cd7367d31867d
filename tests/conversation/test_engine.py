"""The engine as its callers see it: effects, limits, slots that come and go."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bot.conversation.definitions import FlowSet
from bot.conversation.engine import Engine
from bot.conversation.loading import load_flows
from bot.conversation.walk import MOST_STEPS
from bot.model.dialogue import DialogueState, Phrase, Receipt, Say, SlotValue, StepOutcome, Verbatim
from tests.conversation.talk import ACTIONS, FACTS, HERE, PATTERNS, Talk, small_flows, understand
from tests.conversation.test_answers import at

CIRCLE = """
flows:
  circle:
    name: go round
    description: Ends only when the action says so, which the file cannot show.
    nlu_trigger:
      - intent: volunteer
    steps:
      - collect: turns
      - id: again
        action: action_turn
        next:
          - if: slots.turns > 0
            then:
              - collect: turns
                next: again
          - else: END
  counted:
    name: count
    description: Has slots that begin with something.
    nlu_trigger:
      - intent: check_status
    steps:
      - collect: begun
      - collect: begun_again
        ask_before_filling: true
      - set_slots:
          - begun: null
      - action: action_see
  outer:
    name: outer
    description: Calls a flow that ends by a link.
    nlu_trigger:
      - intent: check_progress
    steps:
      - call: inner
      - action: utter_hello
  inner:
    description: Ends by a link, within a call.
    steps:
      - action: utter_booked
      - link: choose_child_by_name
  choose_child_by_name:
    name: choose a child
    description: Linked to.
    steps:
      - collect: child
slots:
  turns: {type: int}
  begun: {type: int, initial_value: 4}
  begun_again: {type: int, initial_value: 5}
responses:
  utter_ask_turns:
    - text: "How often?"
  utter_ask_begun:
    - text: "How many?"
  utter_ask_begun_again:
    - text: "How many again? {begun}"
"""


@pytest.fixture(scope="module")
def circling(tmp_path_factory: pytest.TempPathFactory) -> FlowSet:
    """The small flows, and some that circle and count."""
    folder = tmp_path_factory.mktemp("flows")
    for file in (PATTERNS, HERE / "flows" / "school.yml"):
        shutil.copy(file, folder)
    (folder / "circle.yml").write_text(CIRCLE, encoding="utf-8")
    return load_flows(folder, (*ACTIONS, "action_turn", "action_see"))


def test_advance_changes_nothing_but_what_it_returns() -> None:
    talk = at("mode")
    before = talk.state
    engine = Engine(small_flows())
    first = engine.advance(before, understand("2"), FACTS)
    assert engine.advance(before, understand("2"), FACTS) == first
    assert before.slots == {"child": 11}


def test_an_action_is_asked_for_and_its_receipt_is_said_and_kept() -> None:
    engine = Engine(small_flows())
    outcome = engine.advance(
        DialogueState(), understand("food", "find_resource", entities={"category": "food"}), FACTS
    )
    assert outcome.act is not None and outcome.act.name == "action_search"
    assert outcome.state.slots["need"] == "food"
    said = Say((Verbatim("found it"),))
    outcome = engine.resume(outcome.state, Receipt({"number": 9}, (said,)), FACTS)
    assert outcome.say == (said,)
    assert outcome.act is not None and outcome.act.name == "action_ask_found"
    assert outcome.state.slots["number"] == 9
    assert outcome.state.last_said == (said,)


def test_an_action_that_knows_the_answer_asks_nothing() -> None:
    engine = Engine(small_flows())
    outcome = engine.advance(DialogueState(), understand("a meeting", "book_conference"), FACTS)
    told = Say((Verbatim("It is about Ana."),))
    outcome = engine.resume(outcome.state, Receipt({"child": 11}, (told,)), FACTS)
    assert outcome.say[0] == told
    assert outcome.say[1].texts == (Phrase("utter_ask_mode"),)
    assert outcome.state.asking is not None and outcome.state.asking.slot == "mode"


def test_an_action_that_neither_asks_nor_answers_comes_to_an_apology() -> None:
    engine = Engine(small_flows())
    outcome = engine.advance(DialogueState(), understand("a meeting", "book_conference"), FACTS)
    outcome = engine.resume(outcome.state, Receipt(), FACTS)
    assert apologised(outcome)


def apologised(outcome: StepOutcome) -> bool:
    """Whether the turn ended in the apology, with everything given up."""
    given_up = outcome.state.stack == () and outcome.state.asking is None and outcome.act is None
    return given_up and outcome.say == (Say((Phrase("utter_internal_error"),)),)


def test_a_failed_action_is_recovered_from() -> None:
    engine = Engine(small_flows())
    outcome = engine.advance(at("booking_confirmed").state, understand("yes"), FACTS)
    assert outcome.act is not None
    recovered = engine.recover(outcome.state, FACTS)
    assert apologised(recovered)
    assert "people" not in recovered.state.slots


def test_a_circle_that_only_shows_at_run_time_is_cut_off(circling: FlowSet) -> None:
    engine = Engine(circling)
    outcome = engine.advance(DialogueState(), understand("me", "volunteer"), FACTS)
    outcome = engine.advance(outcome.state, understand("3"), FACTS)
    steps = 0
    while outcome.act is not None:
        steps += len(outcome.trail)
        assert steps <= MOST_STEPS
        outcome = engine.resume(outcome.state, Receipt({"turns": 3}), FACTS)
    assert apologised(outcome)
    assert any(passed.startswith("error: more than 40 steps in one turn") for passed in outcome.trail)


def test_the_limit_counts_each_turn_anew(circling: FlowSet) -> None:
    engine = Engine(circling)
    outcome = engine.advance(DialogueState(), understand("me", "volunteer"), FACTS)
    for _ in range(60):
        outcome = engine.advance(outcome.state, understand("3"), FACTS)
        while outcome.act is not None:
            outcome = engine.resume(outcome.state, Receipt({"turns": None}), FACTS)
        outcome = engine.advance(outcome.state, understand("me", "volunteer"), FACTS)
    assert outcome.state.asking is not None


def test_a_slot_begins_with_its_initial_value_and_comes_back_to_it(circling: FlowSet) -> None:
    engine = Engine(circling)
    outcome = engine.advance(DialogueState(), understand("status", "check_status"), FACTS)
    assert outcome.say == (Say((Phrase("utter_ask_begun_again", {"begun": 4}),)),)
    outcome = engine.advance(outcome.state, understand("7"), FACTS)
    assert outcome.act is not None and outcome.state.slots == {"begun_again": 7}
    outcome = engine.resume(outcome.state, Receipt(), FACTS)
    assert outcome.state.slots == {"begun": 4, "begun_again": 5}


def test_when_a_flow_ends_only_what_it_persists_is_kept() -> None:
    talk = at("booking_confirmed")
    talk.send("yes")
    assert talk.state.slots == {"child": 11}
    assert talk.send("one more", "book_conference").startswith("How would you like to meet?")


def test_what_an_action_set_is_forgotten_when_all_flows_are_over() -> None:
    talk = Talk()
    talk.send("food", "find_resource", entities={"category": "food"})
    assert talk.state.slots["number"] == 1
    talk.send("enough")
    assert talk.state.slots == {}


def test_a_link_to_a_flow_under_way_goes_on_with_it() -> None:
    talk = at("people")
    talk.send("change it", "change_conference")
    assert talk.send("1") == "How many people will come?"
    assert talk.flows == ["book_conference"]
    assert talk.state.slots == {"child": 11, "mode": "phone"}


def test_a_linked_flow_inherits_only_what_it_collects_itself() -> None:
    talk = Talk()
    talk.facts["appointments_count"] = 1
    talk.send("menu")
    talk.send("4")
    talk.send("1")
    assert "menu_choice" not in talk.state.slots and "menu_conference" not in talk.state.slots


def test_a_link_within_a_called_flow_still_comes_back_to_the_caller(circling: FlowSet) -> None:
    talk = Talk(circling)
    assert talk.send("how is she", "check_progress").splitlines()[0] == "It is booked."
    assert talk.flows == ["outer", "choose_child_by_name"]
    assert talk.send("1") == "Hello!"
    assert talk.flows == []


def test_the_trail_names_flows_and_steps() -> None:
    talk = at("people")
    talk.send("2")
    assert talk.trail == ["book_conference/collect_note"]


def with_steps(folder: Path, pattern: str, response: str) -> FlowSet:
    """The small flows with something to say in one of the silent patterns."""
    text = PATTERNS.read_text(encoding="utf-8")
    head, tail = text.split(f"  {pattern}:\n")
    tail = tail.replace("steps: []", f"steps:\n      - action: {response}", 1)
    shutil.copy(HERE / "flows" / "school.yml", folder)
    (folder / "patterns.yml").write_text(f"{head}  {pattern}:\n{tail}", encoding="utf-8")
    return load_flows(folder, ACTIONS)


def test_a_session_may_start_with_a_greeting_and_the_message_is_still_answered(tmp_path: Path) -> None:
    talk = Talk(with_steps(tmp_path, "pattern_session_start", "utter_hello"))
    assert talk.send("When is lunch?", "ask_question") == "Hello!\nanswer to: When is lunch?"
    assert talk.send("When is lunch?", "ask_question") == "answer to: When is lunch?"


def test_a_session_does_not_start_with_a_greeting_to_somebody_in_danger(tmp_path: Path) -> None:
    talk = Talk(with_steps(tmp_path, "pattern_session_start", "utter_hello"))
    talk.send("help, he has a gun", crisis="words")
    assert talk.done == ["action_raise_crisis"] and len(talk.says) == 1


def test_a_district_may_ask_what_else_when_a_flow_is_done(tmp_path: Path) -> None:
    talk = Talk(with_steps(tmp_path, "pattern_completed", "utter_hello"))
    assert talk.send("When is lunch?", "ask_question") == "answer to: When is lunch?\nHello!"
    assert "Hello!" not in talk.send("help")


def test_facts_and_slots_fill_braces_and_what_has_no_words_is_left_out(tmp_path: Path) -> None:
    facts: dict[str, SlotValue] = {
        **FACTS,
        "children_count": 2.5,
        "shared_line": True,
        "reminded_appointment": None,
    }
    text = PATTERNS.read_text(encoding="utf-8").replace(
        "There is nothing to repeat yet.", "{children_count} {shared_line}{reminded_appointment}{language}"
    )
    shutil.copy(HERE / "flows" / "school.yml", tmp_path)
    (tmp_path / "patterns.yml").write_text(text, encoding="utf-8")
    talk = Talk(load_flows(tmp_path, ACTIONS), facts=facts)
    assert talk.send("repeat").startswith("2.5 en Text MENU")


def test_choice_labels_may_be_given_as_json_text() -> None:
    talk = at("mode")
    talk.facts["choice_labels"] = json.dumps(["شخصيا", "هاتف", "فيديو"])
    talk.send("هاتف")
    assert talk.state.slots["mode"] == "phone"
