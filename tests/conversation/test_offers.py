"""The offer to change the language comes at the end of a turn, and never beside another question."""

from __future__ import annotations

from tests.conversation.talk import Talk
from tests.conversation.test_answers import at

ASKED = "write in Soomaali?"


def offered(talk: Talk, text: str, intent: str) -> str:
    """What the line says to a text in whose turn it is time to ask."""
    talk.facts["offer_language"] = "so"
    said = talk.send(text, intent)
    talk.facts["offer_language"] = None
    return said


def test_after_a_conversation_is_over_the_offer_stands_last() -> None:
    talk = Talk()
    said = offered(talk, "hello", "greet").splitlines()
    assert len(said) > 1 and said[-1].startswith(ASKED)
    assert talk.says[-1].choices
    assert talk.send("yes") == "now in Soomaali"
    assert talk.flows == []


def test_an_open_question_is_held_back_and_asked_again_after_the_answer() -> None:
    talk = Talk()
    said = offered(talk, "a meeting please", "book_conference")
    assert said.startswith(ASKED) and "Which child" not in said
    answer = talk.send("no")
    assert answer.splitlines()[0].startswith("All right, I will keep writing")
    assert "Which child is this about?" in answer
    assert talk.flows == ["book_conference", "choose_child"]


def test_the_answer_to_an_open_question_counts_before_the_offer() -> None:
    talk = at("mode")
    said = offered(talk, "video", "nlu_fallback")
    assert said.startswith(ASKED)
    assert talk.state.slots["mode"] == "video"
    assert "How many people" in talk.send("1")


def test_what_is_found_is_said_and_only_the_question_below_it_waits() -> None:
    talk = Talk()
    talk.send("help please", "find_resource")
    found, offer = offered(talk, "food", "nlu_fallback").split("\n", 1)
    assert "1" in found and offer.startswith(ASKED) and "?" not in found
    assert talk.send("no").splitlines()[-1].startswith("?")


def test_another_request_instead_of_an_answer_ends_the_offer() -> None:
    talk = Talk()
    offered(talk, "hello", "greet")
    said = talk.send("a meeting please", "book_conference")
    assert "Which child" in said and ASKED not in said
    assert talk.flows == ["book_conference", "choose_child"]


def test_a_line_that_said_stop_is_not_asked() -> None:
    talk = Talk()
    talk.facts["opted_out"] = True
    assert ASKED not in offered(talk, "hello", "greet")


def test_an_offer_is_not_made_above_itself() -> None:
    talk = Talk()
    talk.facts["offer_language"] = "so"
    talk.send("hello", "greet")
    assert talk.send("who knows").count(ASKED) == 1
    assert [frame.flow for frame in talk.state.stack] == ["pattern_language_offer"]
