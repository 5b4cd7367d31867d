"""A turn that fails is tried again, then handed to people, and never blocks the family's next text."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.actions.context import ActionContext
from bot.app import Homeline
from bot.environment import load_settings
from bot.inbox.landing import land
from bot.journey import BURY_AFTER, GIVE_UP_AFTER
from bot.model.dialogue import Receipt
from bot.model.messages import InboundMessage
from bot.storage.cases import Case
from bot.storage.conversations import Turn
from bot.storage.deliveries import Delivery
from tests.conftest import FixedClock

PHONE = "+15105550178"


@pytest.fixture
def home(tmp_path: Path, clock: FixedClock, migrated_template: Path) -> Iterator[Homeline]:
    """All real parts on an empty database, with nobody sending."""
    settings = load_settings({"DATABASE_URL": f"sqlite:///{tmp_path}/h.db", "HOMELINE_MODE": "development",
                              "ON_CALL_NUMBERS": "+15105550143"})  # fmt: skip
    shutil.copy(migrated_template, tmp_path / "h.db")
    made = Homeline(settings, clock=clock)
    yield made
    made.close()


def arrive(home: Homeline, body: str) -> int:
    """A text lands."""
    with home.database.write() as session:
        number = len(session.scalars(select(Turn.id)).all()) + 1
        turn = land(
            session, InboundMessage("sms", f"SM{number}", PHONE, "+1", body, home.clock.now()), home.queue
        )
    assert turn is not None
    return turn


def try_often(home: Homeline, clock: FixedClock, turn_id: int, times: int) -> None:
    """What the sweep does: take the turn again once its pause is over."""
    for _ in range(times):
        try:
            home.journey.take_turn(turn_id)
        except RuntimeError:
            pass
        clock.advance(timedelta(minutes=1))


def broken(_context: ActionContext) -> Receipt:
    """An action with a fault."""
    raise RuntimeError("a fault")


def break_converse(home: Homeline) -> None:
    """Make every conversation fail."""

    class Broken:
        def advance(self, *_: Any) -> Any:
            raise RuntimeError("a fault")

    object.__setattr__(home.conversing, "engine", Broken())


def replies(home: Homeline, kind: str = "reply") -> list[str]:
    """What was queued, in order."""
    with home.database.read() as session:
        return list(session.scalars(select(Delivery.body).where(Delivery.kind == kind).order_by(Delivery.id)))


def status(home: Homeline, turn_id: int) -> str:
    """How a turn stands."""
    with home.database.read() as session:
        return session.get_one(Turn, turn_id).status


def test_a_failed_turn_leaves_nothing_behind_and_is_taken_again_after_a_pause(
    home: Homeline, clock: FixedClock
) -> None:
    engine = home.conversing.engine
    break_converse(home)
    turn = arrive(home, "hello")
    with pytest.raises(RuntimeError):
        home.journey.take_turn(turn)
    assert replies(home) == []
    assert home.journey.take_turn(turn) is None, "not before the pause is over"
    object.__setattr__(home.conversing, "engine", engine)
    clock.advance(timedelta(seconds=5))
    home.journey.take_turn(turn)
    assert status(home, turn) == "done" and len(replies(home)) == 1


def test_after_some_attempts_a_person_gets_the_words_and_the_family_is_told(
    home: Homeline, clock: FixedClock
) -> None:
    break_converse(home)
    turn = arrive(home, "hello")
    try_often(home, clock, turn, GIVE_UP_AFTER + 1)
    assert status(home, turn) == "failed"
    with home.database.read() as session:
        assert session.scalars(select(Case.words)).all() == ["hello"]
    assert len(replies(home)) == 2  # an apology, and the case


@pytest.mark.parametrize(("body", "kind"), [("i want to kill myself", "crisis"), ("STOP", "consent")])
def test_danger_and_stop_are_obeyed_even_by_a_turn_that_fails(
    home: Homeline, clock: FixedClock, body: str, kind: str
) -> None:
    break_converse(home)
    try_often(home, clock, arrive(home, body), GIVE_UP_AFTER + 1)
    assert len(replies(home, kind)) == 1
    assert len(replies(home, "alert")) == (1 if kind == "crisis" else 0)


def test_a_turn_that_cannot_even_be_handed_over_does_not_block_the_next_text(
    home: Homeline, clock: FixedClock
) -> None:
    engine, actions = home.conversing.engine, home.conversing.actions
    break_converse(home)
    spoilt: dict[str, Callable[[ActionContext], Receipt]] = {**actions, "action_open_case": broken}
    object.__setattr__(home.conversing, "actions", spoilt)
    first, second = arrive(home, "bad luck"), arrive(home, "hello")
    try_often(home, clock, first, BURY_AFTER + 1)
    assert status(home, first) == "failed"
    object.__setattr__(home.conversing, "engine", engine)
    home.journey.take_turn(second)
    assert status(home, second) == "done" and len(replies(home)) == 1


def test_after_a_stop_only_its_confirmation_leaves(home: Homeline) -> None:
    for body in ("hello", "alto", "what time is lunch", "hola", "stop"):
        home.journey.take_turn(arrive(home, body))
    with home.database.read() as session:
        kinds = session.execute(select(Delivery.kind, Delivery.state).order_by(Delivery.id)).all()
    assert [tuple(row) for row in kinds] == [("reply", "suppressed"), ("consent", "queued")]
