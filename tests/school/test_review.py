"""Which texts staff are asked about, what is kept of them, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.model.dialogue import Asking, DialogueState
from bot.model.errors import BadInput, NotFound, Taken
from bot.model.utterance import FALLBACK, IntentGuess, Utterance
from bot.school import review, review_labels
from bot.school.consent import Will, stop
from bot.school.review import KEPT, Finding, Heard, forget_old, keep, note_turn
from bot.storage.cases import Case, CaseEvent
from bot.storage.conversations import Conversation, Turn
from bot.storage.review_texts import ReviewText
from bot.storage.session import Database
from bot.storage.staff import AuditEvent
from tests import cast
from tests.conftest import FixedClock

INTENTS = {"book_conference": "book_conference", "hand_to_office": "file_complaint"}
GUESSES = (IntentGuess("ask_question", 0.41), IntentGuess("voice_concern", 0.33))
NOT_SURE = Utterance("…", "en", IntentGuess(FALLBACK, 0.5), GUESSES, decision="fallback")


class Line:
    """A family that texts, and what the review list makes of it."""

    def __init__(self, session: Session, clock: FixedClock) -> None:
        self.session, self.clock = session, clock
        cast.populate(session)
        self.line = cast.converse(session, cast.DANDRE, clock.now())

    def says(
        self, text: str, utterance: Utterance = NOT_SURE, *trail: str, before: DialogueState | None = None
    ) -> Turn:
        """One turn, taken this way."""
        turn = cast.say(self.session, self.line, text, self.clock.now())
        before = before or DialogueState()
        heard = Heard(self.line, turn, replace(utterance, text=text), before, trail, self.clock.now())
        note_turn(self.session, heard, INTENTS)
        turn.understood = understood(utterance, asked=before.asking is not None)
        self.session.flush()
        return turn

    def listed(self) -> list[ReviewText]:
        """The list, oldest first."""
        return list(self.session.scalars(select(ReviewText).order_by(ReviewText.id)))


def understood(utterance: Utterance, *, asked: bool = False) -> dict[str, Any]:
    """What a turn keeps of it."""
    return {
        "decision": utterance.decision, "intent": utterance.intent.name, "language": "en",
        "ranking": [[guess.name, guess.confidence] for guess in utterance.ranking], "crisis": utterance.crisis,
        "was_asked": asked,
    }  # fmt: skip


def sure(intent: str, **more: Any) -> Utterance:
    """A text the model is sure of."""
    guess = IntentGuess(intent, 0.8)
    return Utterance("…", "en", guess, (guess, IntentGuess("help", 0.1)), **more)


@pytest.fixture
def family(database: Database, clock: FixedClock) -> Iterator[Line]:
    """D'Andre Reed's line, in an open transaction."""
    with database.write() as session:
        yield Line(session, clock)


def test_a_text_that_was_not_understood_is_listed_without_names_and_with_the_guesses(family: Line) -> None:
    family.says("Mason has his thing with Mr Williams, 510 555 0123", NOT_SURE, "not_understood")
    (found,) = family.listed()
    assert found.text == "[name] has his thing with Mr [name], [phone]"
    assert (found.why, found.status, found.times, found.language) == ("unsure", "open", 1, "en")
    assert (found.guessed, found.confidence, found.second) == ("ask_question", 0.41, "voice_concern")


def test_names_of_other_pupils_go_where_they_have_a_capital(family: Line) -> None:
    family.says("Jayden pushed him, and jayden laughed at the brooks", NOT_SURE, "not_understood")
    assert family.listed()[0].text.startswith("[name] pushed him")


def test_the_same_text_is_counted_and_not_kept_twice(family: Line) -> None:
    for name in ("Mason", "MASON", "Mason"):
        family.says(f"{name} thing?", NOT_SURE, "not_understood")
    assert [(found.text, found.times) for found in family.listed()] == [("[name] thing?", 3)]


def test_what_answers_a_question_or_leaves_nothing_to_read_is_not_listed(family: Line) -> None:
    asked = DialogueState(asking=Asking("concern"))
    family.says("he is afraid of the driver", NOT_SURE, "voice_concern/collect_concern", before=asked)
    family.says("Mason 510 555 0123", NOT_SURE, "not_understood")
    family.says("2", replace(NOT_SURE, number=2), "not_understood")
    assert family.listed() == []
    family.says("the blue one no wait", NOT_SURE, "not_understood", before=asked)
    assert len(family.listed()) == 1


def test_texts_of_danger_of_stopped_lines_and_to_people_are_never_listed(family: Line) -> None:
    family.says("i want to die", replace(NOT_SURE, crisis="words", decision="crisis_words"), "not_understood")
    family.line.with_staff = True
    family.says("what was that", NOT_SURE, "not_understood")
    family.line.with_staff = False
    stop(family.session, "sms", cast.DANDRE, Will("STOP", "en", "message", "family"), family.clock.now())
    family.says("what was that", NOT_SURE, "not_understood")
    assert family.listed() == []


def test_what_the_family_chose_is_suggested(family: Line) -> None:
    text = "about that meeting thing"
    family.says(text, NOT_SURE, "pattern_clarification/which")
    before = DialogueState(slots={"clarified_text": text}, asking=Asking("clarified_flow"))
    chosen = ("pattern_clarification/action_start_clarified_flow", "book_conference/collect_child")
    family.says("1", replace(NOT_SURE, number=1, decision="table"), *chosen, before=before)
    (found,) = family.listed()
    assert (found.why, found.suggested, found.times) == ("clarified", "book_conference", 1)
    assert found.guessed == "ask_question"


def test_a_cancel_right_after_the_models_decision_lists_the_text_before(
    family: Line, clock: FixedClock
) -> None:
    cancel = sure("deny", commands=frozenset({"cancel"}), decision="table")
    trail = ("pattern_cancel_flow/action_cancel_flow",)
    family.says("the thing on friday", sure("book_conference"), "book_conference/child")
    family.says("cancel", cancel, *trail)
    (found,) = family.listed()
    assert (found.text, found.why) == ("the thing on friday", "corrected")
    assert (found.guessed, found.confidence) == ("book_conference", 0.8)
    family.says("the thing on monday", sure("book_conference"), "book_conference/child")
    clock.advance(timedelta(hours=1))
    family.says("cancel", cancel, *trail)
    family.says("menu", sure("help", decision="table"))
    family.says("cancel", cancel, *trail)
    assert len(family.listed()) == 1


def test_an_answer_that_is_cancelled_afterwards_shows_no_mistake_of_the_model(family: Line) -> None:
    asked = DialogueState(asking=Asking("concern"))
    family.says("he is afraid of the driver", sure("voice_concern"), "voice_concern/x", before=asked)
    family.says("cancel", sure("deny", decision="table"), "pattern_cancel_flow/action_cancel_flow")
    assert family.listed() == []


def test_a_wish_for_a_person_lists_the_text_before_but_never_one_of_danger(family: Line) -> None:
    person = sure("talk_to_human", commands=frozenset({"person"}), decision="table")
    family.says("it hurts", sure("crisis", crisis="model", decision="crisis_model"))
    family.says("person", person, "pattern_human_handoff/action_open_case")
    assert family.listed() == []
    family.says("what about the form", sure("check_status"), "check_status/x")
    family.says("person", person, "pattern_human_handoff/action_open_case")
    assert [(found.text, found.why) for found in family.listed()] == [
        ("what about the form", "asked_for_person")
    ]


def test_whatever_fails_here_costs_no_family_its_answer(
    family: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise ValueError("Mason")

    monkeypatch.setattr(review, "redact", broken)
    with capture_logs() as logged:
        family.says("Mason has his thing", NOT_SURE, "not_understood")
    assert logged == [
        {"event": "review_text_not_kept", "why": "unsure", "error": "ValueError", "log_level": "error"}
    ]
    assert family.session.get(Conversation, family.line.id) is not None


def test_texts_are_deleted_after_their_time(family: Line, clock: FixedClock) -> None:
    for number, text in enumerate(("the first thing", "the other thing")):
        clock.advance(timedelta(days=number))
        keep(family.session, family.line, Finding(text, "en", "unsure"), clock.now())
    clock.advance(KEPT - timedelta(hours=1))
    assert forget_old(family.session, clock.now()) == 1
    assert [found.text for found in family.listed()] == ["the other thing"]


def test_a_label_is_given_once_can_be_undone_and_is_audited(family: Line, clock: FixedClock) -> None:
    family.says("the blue thing", NOT_SURE, "not_understood")
    key, session = family.listed()[0].id, family.session
    review_labels.label(session, key, "ask_question", "rosa", clock.now())
    with pytest.raises(Taken):
        review_labels.dismiss(session, key, "ada", clock.now())
    review_labels.undo(session, key, "rosa", clock.now())
    review_labels.dismiss(session, key, "ada", clock.now())
    with pytest.raises(BadInput):
        review_labels.label(session, key, "nlu_fallback", "rosa", clock.now())
    with pytest.raises(NotFound):
        review_labels.label(session, key + 1, "greet", "rosa", clock.now())
    session.flush()
    deeds = session.execute(
        select(AuditEvent.actor, AuditEvent.deed, AuditEvent.detail).where(AuditEvent.subject_kind == "review_text")
    ).all()  # fmt: skip
    assert [tuple(row) for row in deeds] == [
        ("rosa", "text_labelled", {"label": "ask_question"}), ("rosa", "text_open", {}), ("ada", "text_dismissed", {}),
    ]  # fmt: skip


def test_a_false_alarm_calms_the_case_and_lists_its_text_once(family: Line, clock: FixedClock) -> None:
    turn = family.says("this homework is killing Mason", sure("crisis", crisis="model"))
    case = Case(
        reference="HL-1", kind="crisis", urgent=True, opened_at=clock.now(), due_at=clock.now(), language="en",
        words="this homework is killing Mason", conversation_id=family.line.id, turn_id=turn.id,
    )  # fmt: skip
    family.session.add(case)
    family.session.flush()
    assert review_labels.note_false_alarm(family.session, case, "rosa", clock.now())
    assert not review_labels.note_false_alarm(family.session, case, "rosa", clock.now())
    family.session.flush()
    (found,) = family.listed()
    assert (found.text, found.why, found.guessed) == (
        "this homework is killing [name]",
        "crisis_false_alarm",
        "crisis",
    )
    assert not case.urgent and family.session.query(CaseEvent).filter_by(case_id=case.id).count() == 1
