"""How the answer to a question is read."""

from __future__ import annotations

import json

import pytest

from bot.model.utterance import FALLBACK
from tests.conversation.talk import Talk


def at(slot: str) -> Talk:
    """A talk in which this slot of the booking is asked for."""
    talk = Talk()
    talk.send("a meeting please", "book_conference")
    for answer in ("1", "2", "3", "a note"):
        if talk.state.asking is not None and talk.state.asking.slot == slot:
            break
        talk.send(answer)
    assert talk.state.asking is not None and talk.state.asking.slot == slot
    return talk


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", "in_person"), ("one", "in_person"), ("the first", "in_person"), ("uno", "in_person"), ("3", "video"),
        ("By phone", "phone"), ("by  PHONE!", "phone"), ("by phne", "phone"), ("video", "video"), ("in_person", "in_person"),
    ],
)  # fmt: skip
def test_a_choice_is_named_by_number_word_or_label(text: str, value: str) -> None:
    talk = at("mode")
    talk.send(text)
    assert talk.state.slots["mode"] == value


@pytest.mark.parametrize("text", ["4", "9", "by", "telegram", "purple elephants", "0"])
def test_what_names_no_choice_or_several_is_not_understood(text: str) -> None:
    talk = at("mode")
    assert "reply with the number" in talk.send(text)
    assert talk.state.slots.get("mode") is None
    assert talk.state.asking is not None and talk.state.asking.misses == 1


@pytest.mark.parametrize(
    "text", ["ana", "Ana Lopez", "ana lopez grade 3", "ANA LÓPEZ", "Ana Lópes (grade 3)"]
)
def test_a_name_is_understood_without_accents_in_part_and_with_a_slip(text: str) -> None:
    talk = at("child")
    talk.send(text)
    assert talk.state.slots["child"] == 11


def test_a_name_that_fits_two_choices_is_not_guessed() -> None:
    talk = at("child")
    talk.send("lópez")
    assert talk.state.slots.get("child") is None


def test_a_choice_is_understood_as_the_family_saw_it() -> None:
    talk = at("mode")
    talk.facts["choice_labels"] = json.dumps(["En persona", "Por teléfono", "Por video"])
    talk.send("por telefono")
    assert talk.state.slots["mode"] == "phone"


@pytest.mark.parametrize("labels", ["[]", '["a"]', "no json", '{"a": 1}', "[1, 2, 3]", None])
def test_labels_that_belong_to_other_choices_are_left_alone(labels: str | None) -> None:
    talk = at("mode")
    talk.facts["choice_labels"] = labels
    talk.send("by phone")
    assert talk.state.slots["mode"] == "phone"


def test_a_command_word_may_be_a_choice() -> None:
    talk = Talk()
    talk.send("help with food", "find_resource", entities={"category": "food"})
    assert talk.heard().startswith("Here is help number 1.")
    assert talk.send("more").startswith("Here is help number 2.")
    assert talk.send("Show more").startswith("Here is help number 3.")
    assert talk.send("enough") == ""
    assert talk.flows == []


@pytest.mark.parametrize(
    ("text", "value"), [("12", None), ("6", 6), (" 2 ", 2), ("we are 4", 4), ("three", 3), ("٣", 3)]
)
def test_a_number_is_read_from_digits_and_words(text: str, value: int | None) -> None:
    talk = at("people")
    talk.send(text)
    assert talk.state.slots.get("people") == value


@pytest.mark.parametrize("text", ["many", "2 or 3", "2.5"])
def test_what_is_no_whole_number_is_not_understood(text: str) -> None:
    talk = at("people")
    assert "I did not understand" in talk.send(text)


def test_a_rejected_answer_is_told_why_and_asked_again() -> None:
    talk = at("people")
    assert talk.send("12") == "12 people do not fit into the room. How many people will come?"
    assert talk.state.misses == 0
    talk.send("5")
    assert talk.state.slots["people"] == 5


@pytest.mark.parametrize(
    ("text", "intent", "booked"),
    [("yes", FALLBACK, True), ("ok", FALLBACK, True), ("confirm", FALLBACK, True), ("1", FALLBACK, True),
     ("that is right", "affirm", True), ("no", FALLBACK, False), ("2", FALLBACK, False), ("not so", "deny", False),
     ("nothing", FALLBACK, False)],
)  # fmt: skip
def test_yes_and_no_are_read_from_words_numbers_and_intents(text: str, intent: str, booked: bool) -> None:
    talk = at("booking_confirmed")
    talk.send(text, intent)
    assert (talk.done == ["action_book"]) is booked
    assert (talk.flows == []) is booked  # a "no" asks what to change


def test_a_yes_or_no_question_has_its_numbers() -> None:
    assert at("booking_confirmed").heard() == "Shall I book it for 3 people? [Yes | No]"


@pytest.mark.parametrize(
    "text", ["I would like to file a complaint", "12", "no, he is allergic", "C", "bus 7 at 7:30"]
)
def test_free_text_takes_every_text(text: str) -> None:
    talk = at("note")
    talk.send(text, "file_complaint")
    assert talk.state.slots["note"] == text


@pytest.mark.parametrize("text", ["hello", "yes", "thanks", "more"])
def test_free_text_does_not_take_a_bare_command(text: str) -> None:
    talk = at("note")
    assert "Please answer this question" in talk.send(text)


def test_an_entity_answers_its_slot() -> None:
    talk = Talk()
    talk.send("help", "find_resource")
    talk.send("menu")
    talk.send("3")
    talk.send("we have nothing to eat", entities={"category": "food"})
    assert talk.state.slots["need"] == "food"


def test_an_entity_that_the_slot_cannot_hold_is_no_answer() -> None:
    talk = Talk()
    talk.send("menu")
    talk.send("3")
    talk.send("a car", entities={"category": "cars"})
    assert talk.state.slots.get("need") is None


def test_what_was_said_at_the_start_is_not_asked_again() -> None:
    talk = Talk()
    assert talk.send("When is lunch?", "ask_question") == "answer to: When is lunch?"


def test_a_keyword_or_the_menu_says_nothing_but_start() -> None:
    talk = Talk()
    talk.send("menu")
    assert talk.send("1") == "What is your question?"
    assert talk.send("When is lunch?") == "answer to: When is lunch?"


def test_the_last_one_is_the_last_of_what_is_offered() -> None:
    talk = at("mode")
    talk.send("the last one", commands=frozenset({"last"}))
    assert talk.state.slots["mode"] == "video"
