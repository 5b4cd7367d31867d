"""Two machines that answer each other are stopped after thirty replies, and people learn of it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.model.utterance import FALLBACK, IntentGuess, Utterance
from bot.school import loops
from bot.school.cases import CaseRequest, Promise, open_case
from bot.school.consent import Will, stop
from bot.school.policy import Policy
from bot.storage.cases import Case, CaseEvent
from bot.storage.conversations import Conversation
from bot.storage.deliveries import Delivery
from bot.storage.session import Database
from tests import cast
from tests.conftest import FixedClock

POLICY, ZONE = Policy(), ZoneInfo("America/Los_Angeles")


def answer(session: Session, line: Conversation, clock: FixedClock, times: int = 1, parts: int = 1) -> None:
    """Messages on the line that are answered, a second apart."""
    for _ in range(times):
        turn = cast.say(session, line, "I am driving. I will text you later.", clock.now())
        for part in range(parts):
            session.add(
                Delivery(dedupe_key=f"turn:{turn.id}:{part}", kind="reply", channel="sms", recipient=line.address,
                         turn_id=turn.id, language="en", body="…", due_at=clock.now(), created_at=clock.now())
            )  # fmt: skip
        clock.advance(timedelta(seconds=1))
    session.flush()


def pause(session: Session, line: Conversation, clock: FixedClock) -> Case:
    """What the last answer before the silence does."""
    case = open_case(session, CaseRequest("person", "…", line), Promise(POLICY, ZONE), clock.now())
    loops.pause(session, case.reference, clock.now())
    return case


def test_thirty_replies_are_a_conversation_the_next_one_is_not_given(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        line = cast.converse(session, cast.STRANGER, clock.now())
        answer(session, line, clock, 29)
        assert not loops.over_limit(session, line, clock.now())
        answer(session, line, clock)
        assert loops.over_limit(session, line, clock.now())
        assert not loops.is_paused(session, line, clock.now())


def test_replies_of_another_line_of_an_earlier_hour_and_of_staff_do_not_count(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        line = cast.converse(session, cast.STRANGER, clock.now())
        answer(session, line, clock, 29)
        clock.advance(timedelta(hours=1))
        answer(session, cast.converse(session, cast.EMMA, clock.now()), clock, 30)
        answer(session, line, clock, 29)
        session.add(Delivery(dedupe_key="staff", kind="staff", channel="sms", recipient=line.address, language="en",
                             body="…", due_at=clock.now(), created_at=clock.now()))  # fmt: skip
        assert not loops.over_limit(session, line, clock.now())


def test_a_long_reply_in_three_texts_is_one_reply(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        line = cast.converse(session, cast.STRANGER, clock.now())
        answer(session, line, clock, 20, parts=3)
        assert not loops.over_limit(session, line, clock.now())


def test_the_silence_lasts_an_hour_and_staff_see_why(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        line = cast.converse(session, cast.STRANGER, clock.now())
        answer(session, line, clock, 30)
        case = pause(session, line, clock)
        note = session.scalars(
            select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id.desc())
        )
        assert "silent for an hour" in note.first().text  # type: ignore[union-attr]
        clock.advance(timedelta(minutes=59, seconds=45))  # the first replies are older than an hour by now
        assert loops.is_paused(session, line, clock.now())
        assert loops.over_limit(session, line, clock.now())
        clock.advance(timedelta(seconds=15))
        assert not loops.is_paused(session, line, clock.now())
        assert not loops.over_limit(session, line, clock.now())


def test_a_note_of_staff_and_a_pause_of_another_line_silence_nobody(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        line = cast.converse(session, cast.STRANGER, clock.now())
        case = open_case(session, CaseRequest("person", "…", line), Promise(POLICY, ZONE), clock.now())
        session.add(
            CaseEvent(case_id=case.id, kind="note", at=clock.now(), actor="staff-1", text="called back")
        )
        pause(session, cast.converse(session, cast.EMMA, clock.now()), clock)
        assert not loops.is_paused(session, line, clock.now())


@pytest.mark.parametrize("silence", ["staff", "stopped"])
def test_where_the_bot_is_silent_anyway_the_flows_keep_the_words_for_staff(
    silence: str, database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        line = cast.converse(session, cast.STRANGER, clock.now())
        answer(session, line, clock, 30)
        if silence == "staff":
            line.with_staff = True
        else:
            stop(session, "sms", line.address, Will("STOP", "en", "message", "family"), clock.now())
        assert not loops.over_limit(session, line, clock.now())


def test_a_case_that_does_not_exist_is_named(database: Database, clock: FixedClock) -> None:
    with database.write() as session, pytest.raises(LookupError, match="HL-0000"):
        loops.pause(session, "HL-0000", clock.now())


def hear(intent: str, *, crisis: str | None = None, command: str = "menu") -> Utterance:
    """A message understood."""
    return Utterance("…", "en", IntentGuess(intent, 1.0), crisis=crisis, commands=frozenset({command}))


@pytest.mark.parametrize(
    "heard",
    [
        hear("crisis", crisis="words"),
        hear(FALLBACK, command="stop"),
        hear(FALLBACK, command="start"),
        hear(FALLBACK, command="help"),
    ],
)
def test_danger_stop_start_and_help_are_always_heard(heard: Utterance) -> None:
    assert loops.is_exempt(heard)


@pytest.mark.parametrize("heard", [hear("ask_question"), hear("opt_out"), hear(FALLBACK, command="greeting")])
def test_anything_else_is_not(heard: Utterance) -> None:
    assert not loops.is_exempt(heard)
