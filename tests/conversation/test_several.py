"""Several requests in one text: each is answered in its turn, and none is lost on the way."""

from __future__ import annotations

from bot.model.dialogue import Request
from bot.model.utterance import FALLBACK, IntentGuess, Utterance
from tests.conversation.talk import Talk, understand

FOOD = ("we need food", "find_resource")
LUNCH = ("What time is lunch?", "ask_question")
BREAK = ("When is winter break?", "ask_question")
BULLIED = ("My son is bullied on the bus.", "voice_concern")
MEETING = ("I want to meet the teacher.", "book_conference")
PERSON = ("Let me talk to somebody.", "talk_to_human")


def several(*parts: tuple[str, str], intent: str = FALLBACK) -> Utterance:
    """A text of these parts, as the understanding stage hands it over."""
    text = " ".join(part for part, _ in parts)
    read = tuple(understand(part, name) for part, name in parts)
    return understand(text, intent, parts=read)


def test_two_questions_are_answered_in_one_turn() -> None:
    talk = Talk()
    heard = talk.take(several(LUNCH, BREAK))
    assert heard.splitlines() == [
        "answer to: What time is lunch?",
        "Now to your next request: ask a question.",
        "answer to: When is winter break?",
    ]
    assert not talk.flows and not talk.state.waiting


def test_what_asks_back_comes_after_what_is_answered_at_once() -> None:
    talk = Talk()
    heard = talk.take(several(MEETING, LUNCH))
    assert heard.splitlines()[:2] == [
        "answer to: What time is lunch?",
        "Now to your next request: book a conference.",
    ]
    assert talk.flows == ["book_conference", "choose_child"]


def test_the_family_hears_what_comes_first_and_the_second_is_kept_meanwhile() -> None:
    talk = Talk()
    heard = talk.take(several(FOOD, MEETING))
    assert heard.startswith("I understand two requests.")
    assert "First: find help. Then: book a conference." in heard
    assert talk.flows == ["find_resource"]
    assert [request.flow for request in talk.state.waiting] == ["book_conference"]
    talk.send("food")
    heard = talk.send("enough")
    assert heard.startswith("Now to your next request: book a conference.")
    assert talk.flows == ["book_conference", "choose_child"] and not talk.state.waiting


def test_three_requests_are_taken_up_one_after_another() -> None:
    talk = Talk()
    heard = talk.take(several(BULLIED, FOOD, LUNCH))
    assert "First: ask a question. Second: share a concern. Third: find help." in heard
    assert "answer to: What time is lunch?" in heard
    assert talk.flows == ["voice_concern"]
    assert "Now to your next request: find help." in talk.send("since Monday, the older boys")
    assert talk.flows == ["find_resource"] and not talk.state.waiting


def test_people_get_the_whole_text_and_not_only_the_part_that_is_for_them() -> None:
    talk = Talk()
    talk.take(several(FOOD, MEETING))
    assert talk.state.slots["whole_text"] == "we need food I want to meet the teacher."


def test_a_person_is_called_after_the_answer() -> None:
    talk = Talk()
    heard = talk.take(several(PERSON, LUNCH, intent="talk_to_human"))
    assert heard.splitlines()[0] == "answer to: What time is lunch?"
    assert heard.splitlines()[-1].startswith("case person")


def test_an_answer_in_the_familys_own_words_is_never_split() -> None:
    talk = Talk()
    talk.send("I am worried", "voice_concern")
    heard = talk.take(several(FOOD, MEETING))
    assert heard == "case None: we need food I want to meet the teacher."
    assert not talk.flows and not talk.state.waiting


def test_an_interrupted_flow_waits_until_all_requests_are_done() -> None:
    talk = Talk()
    talk.send("a meeting please", "book_conference")
    heard = talk.take(several(LUNCH, BREAK))
    assert heard.splitlines()[:3] == [
        "answer to: What time is lunch?",
        "Now to your next request: ask a question.",
        "answer to: When is winter break?",
    ]
    assert "go on with this now: book a conference" in heard.splitlines()[3]
    talk.send("yes")
    assert talk.flows == ["book_conference", "choose_child"]


def test_what_stands_beside_an_answer_is_kept() -> None:
    talk = Talk()
    talk.take(several(FOOD, MEETING))
    talk.send("food")
    talk.take(understand("enough", parts=several(LUNCH, BREAK).parts))
    assert "answer to: When is winter break?" in talk.heard()
    assert talk.flows == ["book_conference", "choose_child"]


def test_cancel_menu_stop_person_and_danger_drop_what_waits() -> None:
    for word in ("cancel", "menu", "stop", "person"):
        talk = Talk()
        talk.take(several(FOOD, MEETING))
        talk.send(word)
        assert not talk.state.waiting, word
    talk = Talk()
    talk.take(several(FOOD, MEETING))
    talk.take(Utterance("he has a gun", "en", IntentGuess("crisis", 1.0), crisis="model"))
    assert not talk.state.waiting


def test_a_request_whose_flow_is_gone_is_forgotten() -> None:
    talk = Talk()
    talk.take(several(FOOD, MEETING))
    gone = Request("volunteer", "a_flow_of_last_year", "I can help", "I can help")
    talk.state = type(talk.state)(**{**_fields(talk), "waiting": (gone, *talk.state.waiting)})
    talk.send("food")
    assert talk.send("enough").startswith("Now to your next request: book a conference.")


def _fields(talk: Talk) -> dict[str, object]:
    return {name: getattr(talk.state, name) for name in talk.state.__slots__}


def test_the_trail_says_that_there_were_several() -> None:
    talk = Talk()
    talk.take(several(MEETING, LUNCH))
    assert "several/ask_question+book_conference" in talk.trail
