"""What goes before any question, and in which order."""

from __future__ import annotations

import pytest

from bot.model.utterance import IntentGuess
from tests.conversation.talk import Talk, understand


def asked() -> Talk:
    """A talk with an open question of choices: how to meet."""
    talk = Talk()
    talk.send("a meeting please", "book_conference")
    talk.send("1")
    assert talk.state.asking is not None and talk.state.asking.slot == "mode"
    return talk


def telling() -> Talk:
    """A talk with an open question for free text."""
    talk = Talk()
    talk.send("I am worried", "voice_concern")
    assert talk.state.asking is not None and talk.state.asking.slot == "concern"
    return talk


def test_crisis_beats_stop_and_drops_everything() -> None:
    talk = asked()
    talk.take(understand("stop", "opt_out", crisis="words"))
    assert talk.done == ["action_raise_crisis"]
    assert talk.says[0].kind == "crisis"
    assert talk.state.stack == () and talk.state.asking is None


def test_crisis_is_heard_inside_free_text_after_a_stop_and_while_staff_has_the_line() -> None:
    talk = telling()
    talk.facts |= {"opted_out": True, "with_staff": True}
    talk.take(understand("she wants to die", crisis="model"))
    assert talk.done == ["action_raise_crisis"]


def test_stop_beats_start_and_drops_everything() -> None:
    talk = asked()
    talk.take(understand("x", commands=frozenset({"stop", "start"})))
    assert talk.done[0] == "action_stop_messages"
    assert talk.flows == []


def test_a_sure_wish_for_no_more_messages_is_a_stop_also_inside_free_text() -> None:
    talk = telling()
    talk.send("please never write me again", "opt_out", 0.6, commands=frozenset({"stop"}))
    assert talk.done[0] == "action_stop_messages"


def test_a_doubtful_wish_for_no_more_messages_is_no_stop() -> None:
    talk = telling()
    talk.send("the messages never stop", "opt_out", 0.59)
    assert talk.done == ["action_open_case"]


def test_start_is_obeyed_after_a_stop_and_keeps_an_open_question() -> None:
    talk = Talk()
    talk.facts["opted_out"] = True
    talk.send("start")
    assert talk.done == ["action_start_messages"]
    talk = asked()
    talk.send("start")
    assert talk.done == ["action_start_messages"]
    assert "How would you like to meet?" in talk.heard()


@pytest.mark.parametrize("text", ["menu", "person", "1", "hello", "is school open", "back", "🙂", ""])
def test_after_a_stop_nothing_is_said_but_staff_is_told(text: str) -> None:
    talk = Talk()
    talk.facts["opted_out"] = True
    assert talk.send(text) == ""
    assert talk.done == ["action_note_for_staff"]
    assert talk.state.misses == 0


def test_help_answers_also_after_a_stop_and_may_leave() -> None:
    talk = Talk()
    talk.facts["opted_out"] = True
    assert talk.send("help").startswith("This is the automated family line")
    assert talk.says[0].kind == "consent"


def test_help_answers_while_staff_has_the_line() -> None:
    talk = Talk()
    talk.facts["with_staff"] = True
    assert talk.send("help").startswith("This is the automated family line")


def test_after_help_the_open_question_is_asked_again() -> None:
    talk = asked()
    help_text, question = talk.send("help").splitlines()
    assert help_text.startswith("This is the automated family line")
    assert question == "How would you like to meet? [In person | By phone | By video]"
    talk.send("2")
    assert talk.state.slots["mode"] == "phone"


def test_a_wish_to_know_what_this_is_gets_help_too() -> None:
    assert Talk().send("who are you", "help").startswith("This is the automated family line")


@pytest.mark.parametrize("text", ["person", "2", "cancel", "what time does school start", ""])
def test_while_staff_has_the_line_the_bot_is_silent_and_the_question_stays_open(text: str) -> None:
    talk = asked()
    before = talk.state
    talk.facts["with_staff"] = True
    assert talk.send(text, "ask_question") == ""
    assert talk.done == ["action_note_for_staff"]
    assert (talk.state.stack, talk.state.asking) == (before.stack, before.asking)


def test_menu_takes_the_line_back_from_staff() -> None:
    talk = Talk()
    talk.facts["with_staff"] = True
    assert talk.send("menu").startswith("How can I help you?")
    assert talk.done == ["action_leave_words", "action_return_to_bot"]


def test_menu_drops_what_runs_and_forgets_its_answers() -> None:
    talk = asked()
    talk.send("menu")
    assert talk.flows == ["pattern_menu"]
    assert talk.state.slots.get("mode") is None


@pytest.mark.parametrize(
    ("number", "heard"),
    [
        ("1", "What is your question?"),
        ("2", "Please tell me what worries you."),
        ("3", "What do you need? [Food | Housing | Health care]"),
        ("4", "Which child is this about? [Ana López (grade 3) | Luis López (grade 7)]"),
        ("5", "case person: None"),
        ("6", "Which language?"),
    ],
)
def test_the_menu_starts_what_is_chosen(number: str, heard: str) -> None:
    talk = Talk()
    talk.send("menu")
    assert talk.send(number) == heard


def test_the_menu_asks_whether_to_book_or_change_where_there_is_something_to_change() -> None:
    talk = Talk()
    talk.facts["appointments_count"] = 1
    talk.send("menu")
    assert (
        talk.send("4") == "What would you like to do? [Book a new conference | Change or cancel a conference]"
    )
    assert talk.send("change or cancel a conference").startswith("What would you like to do? [Move")


def test_a_person_may_be_asked_for_anywhere_by_a_word() -> None:
    for talk in (Talk(), asked(), telling()):
        talk.send("talk to a person")
        assert talk.done == ["action_open_case"]
        assert talk.flows == []


def test_a_person_may_be_asked_for_in_a_sentence_but_not_out_of_a_story() -> None:
    talk = Talk()
    talk.send("can somebody call me please", "talk_to_human")
    assert talk.heard() == "case person: None"
    talk = asked()
    talk.send("can somebody call me please", "talk_to_human")
    assert talk.flows == ["book_conference"] and talk.done == []
    talk = telling()
    talk.send("can somebody call me please", "talk_to_human")
    assert talk.heard() == "case None: can somebody call me please"


def test_a_choice_wins_over_what_it_seems_to_mean() -> None:
    talk = Talk()
    talk.send("menu")
    talk.send("Ask a question", "talk_to_human")
    assert talk.flows == ["ask_question"]


def test_cancel_means_the_choice_of_that_name_where_one_is_offered() -> None:
    talk = Talk()
    talk.send("my meeting", "change_conference")
    assert talk.send("cancel") == "The conference is cancelled."


def test_a_command_outranks_the_answer_it_could_be() -> None:
    talk = telling()
    assert talk.send("cancel").startswith("All right, we stop here.")
    assert talk.done == ["action_leave_words"]


def test_keywords_come_before_intents_and_only_while_nothing_is_asked() -> None:
    talk = Talk()
    assert talk.send("hello", "ask_question") == "Hello!"
    talk = telling()
    assert talk.send("hello").startswith("I am sorry, I did not understand. Please answer")


def test_an_intent_below_its_threshold_starts_nothing() -> None:
    assert Talk().send("hi you", "greet", 0.39).startswith("I am sorry")
    assert Talk().send("hi you", "greet", 0.4) == "Hello!"


def test_a_letter_confirms_the_reminded_appointment_also_while_something_else_is_asked() -> None:
    for talk in (Talk(), asked(), telling()):
        talk.facts["reminded_appointment"] = 7
        assert talk.send("C").splitlines()[0] == "Thank you, you are expected."


def test_a_letter_without_a_reminder_is_an_ordinary_text() -> None:
    talk = Talk()
    assert talk.send("C").startswith("I am sorry")
    talk = telling()
    talk.send("C")
    assert talk.heard() == "case None: C"


def test_two_close_intents_are_asked_about_and_the_first_text_is_used() -> None:
    ranking = (
        IntentGuess("nlu_fallback", 0.4),
        IntentGuess("ask_question", 0.4),
        IntentGuess("voice_concern", 0.35),
    )
    talk = Talk()
    heard = talk.send("the bus is always late", ranking=ranking)
    assert (
        heard
        == "I want to be sure. Which of these do you need? [ask a question | share a concern | Something else]"
    )
    assert talk.send("1") == "answer to: the bus is always late"
    assert talk.flows == []


def test_something_else_than_the_two_shows_the_menu() -> None:
    ranking = (IntentGuess("ask_question", 0.4), IntentGuess("voice_concern", 0.35))
    talk = Talk()
    talk.send("the bus", ranking=ranking)
    assert talk.send("something else").startswith("How can I help you?")


@pytest.mark.parametrize(
    "ranking",
    [
        (IntentGuess("ask_question", 0.45), IntentGuess("voice_concern", 0.1)),
        (IntentGuess("ask_question", 0.3), IntentGuess("voice_concern", 0.25)),
        (IntentGuess("ask_question", 0.4), IntentGuess("volunteer", 0.35)),
        (IntentGuess("ask_question", 0.4),),
    ],
)
def test_what_is_not_clearly_one_of_two_is_not_understood(ranking: tuple[IntentGuess, ...]) -> None:
    assert Talk().send("the bus", ranking=ranking).startswith("I am sorry, I did not understand.")


def test_a_bare_cancel_with_nothing_to_cancel_is_a_stop() -> None:
    talk = Talk()
    talk.send("cancel")
    assert talk.done[0] == "action_stop_messages"


def test_a_bare_cancel_of_a_family_with_an_appointment_is_no_stop() -> None:
    talk = Talk()
    talk.facts |= {"appointments_count": 1}
    talk.send("cancel")
    assert "action_stop_messages" not in talk.done


def test_a_word_that_means_stop_and_yes_answers_the_open_question_and_else_stops() -> None:
    talk = Talk()
    talk.send("a meeting please", "book_conference")
    talk.take(understand("dung", "affirm", commands=frozenset({"stop", "yes"})))
    assert "action_stop_messages" not in talk.done
    fresh = Talk()
    fresh.take(understand("dung", "affirm", commands=frozenset({"stop", "yes"})))
    assert fresh.done[0] == "action_stop_messages"
