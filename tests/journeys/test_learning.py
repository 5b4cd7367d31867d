"""What a real turn leaves behind for staff to label, and how the offer of another language leaves."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import Homeline
from bot.environment import load_settings
from bot.inbox.landing import land
from bot.model.messages import InboundMessage
from bot.model.utterance import FALLBACK, IntentGuess, Parse
from bot.storage.conversations import Conversation, Turn
from bot.storage.deliveries import Delivery
from bot.storage.people import Contact
from bot.storage.review_texts import ReviewText
from tests import cast
from tests.conftest import FixedClock


class Told:
    """Port IntentClassifier that is sure of greetings ("school") and of nothing else."""

    name = "told"

    def parse(self, text: str) -> Parse:
        guess = IntentGuess("greet", 0.95) if "escuela" in text else IntentGuess(FALLBACK, 0.5)
        return Parse(guess, (guess, IntentGuess("ask_question", 0.41), IntentGuess("check_status", 0.05)))


@pytest.fixture
def home(tmp_path: Path, clock: FixedClock, migrated_template: Path) -> Iterator[Homeline]:
    """All real parts but the model, with the cast, and nobody sending."""
    settings = load_settings({"DATABASE_URL": f"sqlite:///{tmp_path}/h.db", "HOMELINE_MODE": "development"})
    shutil.copy(migrated_template, tmp_path / "h.db")
    made = Homeline(settings, clock=clock)
    made.__dict__["classifier"] = Told()
    with made.database.write() as session:
        cast.populate(session)
    yield made
    made.close()


def say(home: Homeline, phone: str, body: str) -> list[str]:
    """A text is taken; what is said to it."""
    with home.database.write() as session:
        number = len(session.scalars(select(Turn.id)).all()) + 1
        message = InboundMessage("sms", f"SM{number}", phone, "+1", body, home.clock.now())
        turn = land(session, message, home.queue)
    assert turn is not None
    home.journey.take_turn(turn)
    with home.database.read() as session:
        query = select(Delivery.body).where(Delivery.turn_id == turn).order_by(Delivery.id)
        return list(session.scalars(query))


def test_a_text_that_no_turn_understood_waits_for_staff_without_the_childs_name(home: Homeline) -> None:
    say(home, cast.DANDRE, "qwerty Mason asdf zxcv")
    say(home, cast.DANDRE, "MENU")
    with home.database.read() as session:
        (found,) = session.scalars(select(ReviewText)).all()
    assert (found.text, found.why, found.guessed) == ("qwerty [name] asdf zxcv", "unsure", "ask_question")


def test_the_offer_leaves_in_both_languages_and_a_yes_changes_line_and_guardian(home: Homeline) -> None:
    say(home, cast.DANDRE, "buenos días a toda la escuela")
    *_, offer = say(home, cast.DANDRE, "un saludo a la escuela de mi hijo")
    assert offer == (
        "¿Quiere que le escriba en este idioma de ahora en adelante: Español? ¿Sí o no?\n"
        "Shall I write to you in this language from now on: Español? Yes or no?\n"
        "1. Sí\n2. No"
    )
    (answer,) = say(home, cast.DANDRE, "1")
    assert answer.startswith("Desde ahora le escribo en este idioma: Español.")
    with home.database.read() as session:
        line = session.scalars(select(Conversation)).one()
        contact = session.scalars(select(Contact).where(Contact.address == cast.DANDRE)).one()
        assert (line.language, contact.language) == ("es", "es")


def test_a_number_nobody_knows_is_answered_in_its_language_and_asked_nothing(home: Homeline) -> None:
    for _ in range(3):
        said = say(home, cast.STRANGER, "buenos días a toda la escuela")
        assert len(said) == 1
