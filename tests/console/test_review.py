"""The room of texts to review: filters, labels in one press, undo."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.console.review_words import MEANINGS
from bot.console.words import INTENTS as WORDS
from bot.model.utterance import INTENTS
from bot.storage.review_texts import ReviewText
from bot.storage.session import Database
from bot.storage.staff import AuditEvent
from tests.conftest import FixedClock
from tests.console.house import Cast, SignIn, hear, open_case

PAGE = "/console/review"


@pytest.fixture
def texts(sqlite_database: Database, cast: Cast, clock: FixedClock) -> list[int]:
    """Three texts, the first in English."""
    with sqlite_database.write() as session:
        rows = [
            ReviewText(
                fingerprint=str(number), text=text, language=language, why=why, first_at=clock.now(),
                last_at=clock.now(), status="open", guessed="ask_question", confidence=0.412, second="find_resource",
                second_confidence=0.3, suggested=suggested, times=3 - number,
            )
            for number, (text, language, why, suggested) in enumerate((
                ("what about [name] <b>", "en", "unsure", None),
                ("y el papel de [name]", "es", "clarified", "check_status"),
                ("ورقة [name]", "ar", "corrected", None),
            ))
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def stored(database: Database, key: int) -> ReviewText:
    with database.read() as session:
        return session.get_one(ReviewText, key)


def test_every_intent_can_be_chosen_and_has_its_meaning() -> None:
    assert set(MEANINGS) == set(INTENTS) <= set(WORDS)


def test_the_list_shows_the_text_why_it_is_there_and_the_guesses(signed_in: SignIn, texts: list[int]) -> None:
    page = signed_in("rosa").read(PAGE)
    assert "what about [name] &lt;b&gt;" in page and 'lang="es" dir="auto">y el papel' in page
    assert "The bot was not sure" in page and "The family chose what it meant" in page
    assert "asks a question (41%)" in page and "A fact about the school" in page
    assert page.index("what about") < page.index("y el papel")


def test_filters_narrow_and_nonsense_does_not(signed_in: SignIn, texts: list[int]) -> None:
    rosa = signed_in("rosa")
    assert "what about" not in rosa.read(f"{PAGE}?language=es")
    assert "what about" not in rosa.read(f"{PAGE}?why=corrected")
    assert "No text fits your search." in rosa.read(f"{PAGE}?language=vi")
    for nonsense in ("why=x", "status=x", "page=0", "page=99", "done=x"):
        assert "what about" in rosa.read(f"{PAGE}?{nonsense}")


def test_an_empty_list_says_what_it_is_for(signed_in: SignIn) -> None:
    rosa = signed_in("rosa")
    assert "Nothing to review." in rosa.read(PAGE)
    assert "No text has been labelled yet." in rosa.read(f"{PAGE}?status=labelled")


def test_one_press_labels_a_text_and_undo_brings_it_back(
    signed_in: SignIn, texts: list[int], sqlite_database: Database
) -> None:
    rosa, key = signed_in("rosa"), texts[1]
    answer = rosa.press(f"{PAGE}/{key}/label", PAGE, label="check_status", status="open", language="es")
    page = answer.get_data(as_text=True)
    assert "Kept for the next training: the family asks about an earlier case." in page
    assert f"{PAGE}/{key}/undo" in page and 'value="es" selected' in page
    found = stored(sqlite_database, key)
    assert (found.status, found.label, found.labelled_by) == ("labelled", "check_status", "rosa")
    assert "y el papel" in rosa.read(f"{PAGE}?status=labelled")
    assert "back on the list" in rosa.press(f"{PAGE}/{key}/undo", PAGE).get_data(as_text=True)
    found = stored(sqlite_database, key)
    assert (found.status, found.label, found.labelled_by) == ("open", None, None)
    with sqlite_database.read() as session:
        deeds = session.scalars(select(AuditEvent.deed).where(AuditEvent.subject_kind == "review_text")).all()
    assert list(deeds) == ["text_labelled", "text_open"]


def test_a_text_is_put_aside(signed_in: SignIn, texts: list[int], sqlite_database: Database) -> None:
    rosa = signed_in("rosa")
    assert "Put aside." in rosa.press(f"{PAGE}/{texts[0]}/dismiss", PAGE).get_data(as_text=True)
    assert stored(sqlite_database, texts[0]).status == "dismissed"


def test_of_two_who_press_at_once_the_second_is_told(signed_in: SignIn, texts: list[int]) -> None:
    rosa, ada = signed_in("rosa"), signed_in("ada")
    rosa.press(f"{PAGE}/{texts[0]}/label", PAGE, label="greet")
    late = ada.press(f"{PAGE}/{texts[0]}/label", PAGE, label="thank")
    assert late.status_code == 409 and "Somebody else was faster" in late.get_data(as_text=True)


def test_what_is_no_intent_or_no_text_is_refused(signed_in: SignIn, texts: list[int]) -> None:
    rosa = signed_in("rosa")
    assert rosa.press(f"{PAGE}/{texts[0]}/label", PAGE, label="nlu_fallback").status_code == 404
    assert rosa.press(f"{PAGE}/999/label", PAGE, label="greet").status_code == 404


def test_teachers_do_not_review(signed_in: SignIn, texts: list[int]) -> None:
    emma = signed_in("emma")
    assert emma.client.get(PAGE).status_code == 403
    assert emma.press(f"{PAGE}/{texts[0]}/label", "/console/", label="greet").status_code == 403
    assert "Review" not in emma.read("/console/")


def test_a_false_alarm_is_said_on_the_case_and_comes_up_for_review(
    signed_in: SignIn, sqlite_database: Database, cast: Cast, clock: FixedClock
) -> None:
    turn = hear(sqlite_database, cast, "esta tarea está matando a Lucía", clock.now())
    case = open_case(sqlite_database, cast, clock.now(), kind="crisis", urgent=True, turn_id=turn)
    rosa, page = signed_in("rosa"), f"/console/cases/{case}"
    assert "It was a false alarm" in rosa.read(page)
    told = rosa.press(f"{page}/false-alarm", page).get_data(as_text=True)
    assert "Noted: nobody is in danger." in told and "Urgent: somebody must act now" not in told
    assert "It was a false alarm" not in told and "A false alarm: nobody is in danger." in told
    assert "esta tarea está matando a [name]" in rosa.read(f"{PAGE}?why=crisis_false_alarm")
