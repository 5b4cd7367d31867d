"""Cancel, back, repeat, skip, correct; being misunderstood; interrupting and going on."""

from __future__ import annotations

import pytest

from tests.conversation.talk import Talk
from tests.conversation.test_answers import at


def test_cancel_gives_up_the_flow_and_what_it_collected() -> None:
    talk = at("people")
    assert talk.send("cancel") == "All right, we stop here. Text MENU to see what else I can do."
    assert talk.flows == [] and talk.state.slots.get("mode") is None
    assert talk.state.slots["child"] == 11  # the flow persists it


def test_back_asks_the_question_before_again_and_forgets_its_answer() -> None:
    talk = at("people")
    assert talk.send("back").startswith("How would you like to meet?")
    assert talk.state.slots.get("mode") is None
    talk.send("video")
    assert talk.state.asking is not None and talk.state.asking.slot == "people"


def test_back_leads_into_a_called_flow_again() -> None:
    talk = at("mode")
    assert talk.send("back").startswith("Which child is this about?")
    assert talk.flows == ["book_conference", "choose_child"]
    talk.send("2")
    assert talk.state.slots["child"] == 12


def test_back_goes_all_the_way_and_then_says_so() -> None:
    talk = at("note")
    for question in ("How many people", "How would you", "Which child"):
        assert talk.send("back").startswith(question)
    assert talk.send("back").startswith("This is the first question.")
    assert talk.says[-1].choices


def test_back_from_a_pattern_returns_to_what_it_interrupted() -> None:
    talk = at("booking_confirmed")
    assert talk.send("no").startswith("What would you like to change?")
    assert talk.send("back").startswith("Shall I book it")


def test_back_in_the_menu_asks_the_menu_again() -> None:
    talk = Talk()
    talk.send("menu")
    first, second = talk.send("back").splitlines()
    assert first.startswith("This is the first question.") and second.startswith("How can I help you?")


def test_back_where_nothing_runs_is_an_ordinary_text() -> None:
    assert Talk().send("back").startswith("I am sorry")


def test_repeat_says_the_last_messages_again_and_keeps_the_question_open() -> None:
    talk = at("mode")
    heard, asking = talk.heard(), talk.state.asking
    assert talk.send("repeat") == heard
    assert talk.send("repeat") == heard
    assert talk.state.asking == asking
    talk.send("2")
    assert talk.state.slots["mode"] == "phone"


def test_repeat_works_when_nothing_is_asked_any_more() -> None:
    talk = Talk()
    talk.send("When is lunch?", "ask_question")
    assert talk.send("repeat") == "answer to: When is lunch?"


def test_repeat_with_nothing_said_before_says_so() -> None:
    assert Talk().send("repeat").startswith("There is nothing to repeat yet.")


@pytest.mark.parametrize("text", ["skip", "nothing"])
def test_skip_leaves_a_question_out_where_the_flow_can_do_without(text: str) -> None:
    talk = at("note")
    assert talk.send(text).startswith("Shall I book it")
    assert talk.state.slots["note"] is None


def test_skip_is_explained_where_the_answer_is_needed() -> None:
    talk = at("mode")
    explained, question = talk.send("skip").splitlines()
    assert explained.startswith("I need an answer") and question.startswith("How would you like to meet?")


def test_a_no_to_a_summary_asks_what_to_change_and_comes_back_to_the_summary() -> None:
    talk = at("booking_confirmed")
    heard = talk.send("no")
    assert (
        heard
        == "What would you like to change? [The child | The kind of meeting | How many come | Nothing. Stop here]"
    )
    assert talk.send("How many come") == "How many people will come?"
    assert talk.send("5") == "Shall I book it for 5 people? [Yes | No]"
    assert talk.send("yes") == "It is booked."


def test_an_answer_given_in_a_called_flow_can_be_changed() -> None:
    talk = at("booking_confirmed")
    talk.send("no")
    assert talk.send("the child").startswith("Which child")
    assert talk.send("luis").startswith("Shall I book it")
    assert talk.state.slots["child"] == 12


def test_a_question_that_was_left_out_is_not_asked_again_after_a_correction() -> None:
    talk = at("note")
    talk.send("skip")
    talk.send("no")
    talk.send("2")
    assert talk.send("by phone").startswith("Shall I book it")


def test_nothing_to_change_stops_the_flow() -> None:
    talk = at("booking_confirmed")
    talk.send("no")
    assert talk.send("4").startswith("All right, we stop here.")
    assert talk.flows == []


def test_the_second_miss_in_a_row_hands_over_with_what_was_collected() -> None:
    talk = at("mode")
    talk.send("purple")
    assert talk.send("elephants") == "case person: None"
    assert talk.flows == [] and talk.state.asking is None and talk.state.misses == 0


def test_an_answer_between_two_misses_starts_the_count_again() -> None:
    talk = at("mode")
    talk.send("purple")
    talk.send("2")
    assert "I did not understand" in talk.send("elephants")
    assert talk.done == []


def test_outside_of_flows_the_second_miss_hands_over_too() -> None:
    talk = Talk()
    assert "in other words" in talk.send("qwerty")
    assert talk.send("asdf") == "case person: None"


def test_without_a_model_the_menu_answers_and_then_a_person() -> None:
    talk = Talk()
    assert talk.send("lunch?", decision="unavailable").startswith("How can I help you?")
    assert talk.send("lunch!", decision="unavailable") == "case person: None"
    talk.send("lunch?", decision="unavailable")
    assert talk.send("2", decision="unavailable") == "Please tell me what worries you."


def test_another_wish_interrupts_and_the_flow_is_offered_again() -> None:
    talk = at("mode")
    heard = talk.send("When is lunch?", "ask_question").splitlines()
    assert heard[0] == "answer to: When is lunch?"
    assert heard[1] == "Would you like to go on with this now: book a conference? [Yes | No]"
    assert talk.send("yes").startswith("How would you like to meet?")
    talk.send("2")
    assert talk.state.slots == {"child": 11, "mode": "phone"}


def test_an_interrupted_flow_may_be_left() -> None:
    talk = at("mode")
    talk.send("When is lunch?", "ask_question")
    assert talk.send("no") == "All right, we leave that."
    assert talk.flows == []


def test_flows_interrupted_by_flows_are_offered_one_after_the_other() -> None:
    talk = at("mode")
    talk.send("I need help", "find_resource")
    talk.send("When is lunch?", "ask_question")
    assert "find help?" in talk.heard()
    left, offered = talk.send("no").splitlines()
    assert left == "All right, we leave that." and "book a conference?" in offered
    assert talk.send("yes").startswith("How would you like to meet?")


def test_of_too_many_interrupted_flows_the_oldest_is_forgotten() -> None:
    talk = at("mode")
    talk.send("I need help", "find_resource")
    talk.send("I want to move it", "change_conference")
    assert talk.flows == ["book_conference", "find_resource", "change_conference"]
    talk.send("in spanish", "change_language")
    assert talk.flows == ["find_resource", "change_conference", "change_language"]
    assert talk.state.slots == {"child": 11}


def test_a_wish_for_what_is_under_way_already_goes_back_to_it() -> None:
    talk = at("mode")
    talk.send("I need help", "find_resource")
    heard = talk.send("the meeting please", "book_conference")
    assert heard.startswith("How would you like to meet?")
    assert talk.flows == ["book_conference"]


def test_what_asks_for_the_same_flow_again_is_no_answer() -> None:
    talk = at("mode")
    assert "I did not understand" in talk.send("the meeting please", "book_conference")


def test_a_short_word_between_is_answered_and_the_question_asked_again() -> None:
    talk = at("mode")
    hello, question = talk.send("good morning to you", "greet").splitlines()
    assert hello == "Hello!" and question.startswith("How would you like to meet?")
    assert talk.flows == ["book_conference"]


@pytest.mark.parametrize("intent", ["affirm", "deny", "out_of_scope"])
def test_an_answer_that_fits_no_question_does_not_interrupt(intent: str) -> None:
    assert "I did not understand" in at("mode").send("something", intent)


def test_a_new_wish_in_the_menu_is_followed() -> None:
    talk = Talk()
    talk.send("menu")
    assert talk.send("When is lunch?", "ask_question") == "answer to: When is lunch?"
    assert talk.flows == []


@pytest.mark.parametrize("text", ["", "🙏", "?!", "…"])
def test_a_message_without_words_is_told_what_to_send(text: str) -> None:
    assert Talk().send(text).startswith("I can read only words and numbers.")
    told, question = at("mode").send(text).splitlines()
    assert told.startswith("I can read only") and question.startswith("How would you like to meet?")


def test_who_sends_only_pictures_gets_a_person_and_who_sends_hearts_does_not() -> None:
    talk = Talk()
    talk.send("")
    assert talk.send("") == "case person: None"
    talk = Talk()
    talk.send("❤️")
    talk.send("❤️")
    assert talk.done == []


def test_repeat_leaves_out_what_only_a_stop_may_send() -> None:
    talk = Talk()
    talk.send("stop")
    assert talk.says[0].kind == "consent"
    talk.send("repeat")
    assert {say.kind for say in talk.says} == {"reply"}


def test_an_open_question_is_asked_again_as_it_was_without_asking_the_action_again() -> None:
    talk = Talk()
    question = talk.send("a meeting please", "book_conference")
    assert talk.done == ["action_ask_child"]
    assert (
        talk.send("purple")
        == f"I am sorry, I did not understand. Please reply with the number of your choice. {question}"
    )
    assert talk.send("help").splitlines()[-1] == question
    assert talk.send("good morning", "greet").splitlines()[-1] == question
    assert talk.done == []
    talk.send("luis")
    assert talk.state.slots["child"] == 12


def test_after_an_interruption_the_question_is_asked_afresh() -> None:
    talk = Talk()
    talk.send("a meeting please", "book_conference")
    talk.send("When is lunch?", "ask_question")
    assert talk.send("yes").startswith("Which child is this about?")
    assert talk.done == ["action_ask_child"]


def test_another_request_ends_a_flow_that_only_asks_what_else() -> None:
    talk = Talk()
    talk.send("food", "find_resource")
    talk.send("1")
    assert talk.state.asking is not None and talk.state.asking.slot == "found"
    talk.send("when does school start", "ask_question")
    assert talk.done[-1] == "action_answer"
    assert talk.state.stack == () and talk.state.asking is None
