"""What a tester found to be misread: names taken for words, answers for wishes, doubts for a STOP."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.answers import find_choice
from bot.conversation.engine import Engine
from bot.model.dialogue import Asking, Choice, DialogueState, Verbatim
from bot.model.utterance import FALLBACK, IntentGuess, Utterance
from tests.conversation.talk import Talk, small_flows, understand
from tests.conversation.test_answers import at

NAMES = ("Hải", "Nam", "May", "Emma Washington (English Language Arts 11-1)")
ASKED = Asking("child", tuple(Choice(number, Verbatim(name)) for number, name in enumerate(NAMES, 1)))


def _choice(utterance: Utterance, asking: Asking = ASKED) -> object:
    walk = Engine(small_flows())._walk(DialogueState(), Talk().facts)
    found = find_choice(walk, asking, utterance)
    return found.value if found else None


@pytest.mark.parametrize(
    ("text", "known", "chosen"),
    [
        ("Hải", {"number": 2}, 1), ("hai", {"number": 2}, 1), ("2", {"number": 2}, 2), ("Nam", {"number": 5}, 2),
        ("May", {"commands": frozenset({"no"})}, 3), ("three", {"number": 3}, 3), ("9", {"number": 9}, None),
        ("english", {"entities": {"language": "en"}}, None), ("english", {}, None), ("emma", {}, 4),
        ("washington", {"commands": frozenset({"no"})}, None), ("Emma Washington", {}, 4),
    ],
)  # fmt: skip
def test_a_name_goes_before_a_word_and_a_digit_before_both(
    text: str, known: dict[str, object], chosen: object
) -> None:
    plain = Utterance(text, "vi", IntentGuess(FALLBACK, 0.0))
    assert _choice(replace(plain, **known)) == chosen  # type: ignore[arg-type]


def test_yes_takes_the_only_thing_offered() -> None:
    only = replace(ASKED, choices=ASKED.choices[:1])
    yes = Utterance("نعم", "ar", IntentGuess("affirm", 1.0), commands=frozenset({"yes"}))
    assert _choice(yes, only) == 1
    assert _choice(yes) is None


@pytest.mark.parametrize("text", ["never mind", "forget it", "thôi"])
def test_giving_up_nothing_is_no_stop(text: str) -> None:
    talk = Talk()
    talk.send(text, "deny", commands=frozenset({"cancel"}))
    assert "action_stop_messages" not in talk.done


@pytest.mark.parametrize("text", ["can you stop the bullying", "stop the bus please"])
def test_what_the_model_alone_takes_for_a_stop_is_asked_about(text: str) -> None:
    talk = Talk()
    assert talk.send(text, "opt_out", 0.94).startswith("Do you want to get no more messages")
    talk = at("mode")
    heard = talk.send(text, "opt_out", 0.99)
    assert "action_stop_messages" not in talk.done and "How would you like to meet?" in heard
    assert talk.flows == ["book_conference"]


def test_a_short_and_quite_sure_wish_stops_at_once_and_a_long_one_does_not() -> None:
    talk = Talk()
    talk.send("please leave me alone", "opt_out", 0.98)
    assert talk.done == ["action_stop_messages", "action_keep_last_words"]
    talk = Talk()
    talk.send("please make them leave him alone on the bus in the morning", "opt_out", 0.99)
    assert talk.done == []


def test_what_is_told_is_kept_and_the_way_to_stop_is_named() -> None:
    talk = Talk()
    talk.send("I am worried", "voice_concern")
    heard = talk.send("can you stop the bullying", "opt_out", 0.94)
    assert heard.splitlines() == [
        "If you want no more messages from us, text STOP.",
        "case None: can you stop the bullying",
    ]


def test_a_weak_alarm_yields_to_what_was_offered_and_words_do_not() -> None:
    talk = at("mode")
    talk.send("by phone", "crisis", 0.1, crisis="model")
    assert talk.state.slots["mode"] == "phone" and talk.done == []
    talk = at("mode")
    talk.send("by phone", "crisis", 0.1, crisis="words")
    assert talk.done == ["action_raise_crisis"] and talk.flows == []


@pytest.mark.parametrize("text", ["phone please", "over the phone", "a phone"])
def test_even_a_strong_alarm_of_the_model_yields_to_a_few_words_of_what_was_offered(text: str) -> None:
    talk = at("mode")
    talk.send(text, "crisis", 0.8, crisis="model")
    assert talk.state.slots["mode"] == "phone" and talk.done == []


@pytest.mark.parametrize("sure", [0.15, 0.8])
@pytest.mark.parametrize(
    ("slot", "text"),
    [
        ("mode", "not by phone, I want to die"), ("mode", "he hits me when I phone"), ("mode", "I hurt"), ("mode", "no phone"),
        ("mode", "phone bleeding"), ("child", "Ana bleeding"), ("child", "Luis fainted"), ("child", "ana is not moving"),
        ("child", "明天自杀"),
    ],
)  # fmt: skip
def test_an_alarm_does_not_yield_to_more_words_than_those_that_were_offered(
    slot: str, text: str, sure: float
) -> None:
    talk = at(slot)
    talk.send(text, "crisis", sure, crisis="model", entities={"date": "2026-11-20"})
    assert talk.done == ["action_raise_crisis"]


def test_few_words_that_are_hardly_a_request_begin_nothing_while_a_list_is_open() -> None:
    talk = at("mode")
    assert "reply with the number" in talk.send("friday morning", "find_resource", 0.7)
    talk.send("I need food for my kids today", "find_resource", 0.7)
    assert "find_resource" in talk.flows


def test_after_a_weak_alarm_the_family_may_go_on() -> None:
    talk = at("mode")
    heard = talk.send("it is dark", "crisis", 0.3, crisis="model")
    assert talk.done == ["action_raise_crisis"]
    assert "Would you like to go on with this now: book a conference?" in heard
    assert talk.send("yes").startswith("How would you like to meet?")


def test_a_yes_inside_a_sentence_about_an_interpreter_is_an_answer() -> None:
    talk = at("booking_confirmed")
    talk.send("yes i need an interpreter", "talk_to_human")
    assert talk.done == ["action_book"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("change", FALLBACK),
        ("the kind of meeting", FALLBACK),
        ("move", FALLBACK),
        ("another day", "change_conference"),
    ],
)
def test_a_change_wished_for_at_a_summary_is_a_no(text: str, intent: str) -> None:
    talk = at("booking_confirmed")
    assert talk.send(text, intent).startswith("What would you like to change?")


@pytest.mark.parametrize("text", ["no", "none"])
def test_a_no_to_a_list_offers_to_stop(text: str) -> None:
    talk = at("mode")
    assert talk.send(text).startswith("Would you like to stop here?")
    assert talk.state.misses == 0
    assert talk.send("no").startswith("How would you like to meet?")
    talk.send(text)
    assert talk.send("yes").startswith("All right, we stop here.")
    assert talk.flows == []


def test_a_bare_number_is_no_text_and_small_talk_is_never_asked_about() -> None:
    talk = Talk()
    talk.send("I am worried", "voice_concern")
    assert "I did not understand" in talk.send("2")
    ranking = (IntentGuess("greet", 0.4), IntentGuess("ask_question", 0.35))
    assert Talk().send("well hello bus", ranking=ranking).startswith("I am sorry")


def test_the_same_wish_in_new_words_begins_anew_where_nothing_was_answered() -> None:
    talk = Talk()
    talk.send("?", commands=frozenset({"menu"}))
    talk.send("1")
    talk.take(understand("a lunch question", "ask_question"))
    assert talk.done == ["action_answer"]


ENOUGH = frozenset({"stop", "cancel", "no"})
NO_NEED = frozenset({"cancel", "no"})


def test_enough_gives_up_a_list_and_says_how_to_stop_and_is_a_stop_without_a_question() -> None:
    talk = at("mode")
    heard = talk.send("хватит", "opt_out", 1.0, commands=ENOUGH)
    assert heard.splitlines()[0] == "If you want no more messages from us, text STOP."
    assert talk.done == ["action_leave_words"] and talk.flows == []
    talk.send("хватит", "opt_out", 1.0, commands=ENOUGH)
    assert "action_stop_messages" in talk.done


def test_enough_is_a_stop_in_answer_to_an_open_story_and_to_staff() -> None:
    talk = Talk()
    talk.send("I am worried", "voice_concern")
    talk.send("хватит", "opt_out", 1.0, commands=ENOUGH)
    assert talk.done[0] == "action_stop_messages"
    talk = at("mode")
    talk.facts["with_staff"] = True
    talk.send("хватит", "opt_out", 1.0, commands=ENOUGH)
    assert talk.done[0] == "action_stop_messages"


def test_no_need_answers_a_yes_or_no_and_gives_up_a_list_without_such_a_choice() -> None:
    talk = at("booking_confirmed")
    assert talk.send("不用了", "deny", commands=NO_NEED).startswith("What would you like to change?")
    talk = at("mode")
    assert talk.send("不用了", "deny", commands=NO_NEED).startswith("All right, we stop here.")


def test_no_need_gives_up_where_just_that_is_asked() -> None:
    talk = at("mode")
    assert talk.send("no", "deny").startswith("Would you like to stop here?")
    assert talk.send("thôi", "deny", commands=NO_NEED).startswith("All right, we stop here.")


def test_begin_again_starts_messages_that_are_stopped_and_else_shows_the_menu() -> None:
    begin_again = frozenset({"start", "menu"})
    talk = Talk()
    assert talk.send("重新开始", "help", commands=begin_again).startswith("How can I help you?")
    assert "action_start_messages" not in talk.done
    talk = Talk()
    talk.facts["opted_out"] = True
    talk.send("重新开始", "help", commands=begin_again)
    assert talk.done == ["action_start_messages"]
