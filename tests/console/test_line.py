"""The console's way through the real outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.console.line import OutboxLine
from bot.console.services import StaffText
from bot.model.delivery import DeliveryState
from bot.model.dialogue import Response
from bot.outbox.person_text import NOT_TRANSLATED
from bot.outbox.phrasebook import Phrasebook
from bot.outbox.queueing import Queueing
from bot.school import consent
from bot.school.policy import Policy
from bot.storage.conversations import Conversation
from bot.storage.deliveries import Delivery
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.console.house import ZONE, Cast, settle_cast

NOTE = Response(NOT_TRANSLATED, "This message is not translated. It is written in {language_name}:")


class NoQueue:
    """Jobs are counted, not run."""

    def __init__(self) -> None:
        self.jobs: list[int] = []

    def enqueue(self, session: Any, job: str, row_id: int, **_how: Any) -> None:
        """Count it."""
        self.jobs.append(row_id)


Told = Callable[[Session, Conversation], Any]


@pytest.fixture
def queue() -> NoQueue:
    """The jobs."""
    return NoQueue()


@pytest.fixture
def line(clock: FixedClock, queue: NoQueue, tmp_path: Path) -> OutboxLine:
    """The real outbox, without translations."""
    book = Phrasebook({NOT_TRANSLATED: NOTE}, tmp_path, ZONE)
    return OutboxLine(Queueing(book, queue, Policy(), ZONE), clock)


@pytest.fixture
def cast(database: Database, clock: FixedClock) -> Cast:
    """The people."""
    return settle_cast(database, clock.now())


def with_line(database: Database, cast: Cast, told: Told) -> Any:
    with database.write() as session:
        conversation = session.get(Conversation, cast.line)
        assert conversation is not None
        return told(session, conversation)


TEXT = StaffText(7, "We will call you at noon.", "en", once="press-1")


def test_a_text_by_day_leaves_at_once_with_a_note_that_it_is_not_translated(
    database: Database, cast: Cast, line: OutboxLine, queue: NoQueue
) -> None:
    sent = with_line(database, cast, lambda session, talk: line.send(session, talk, TEXT))
    assert (sent.kind, sent.state, sent.recipient) == ("staff", "queued", "+15105550199")
    with database.read() as session:
        assert session.get_one(Delivery, sent.id).case_id == 7
    assert sent.body.startswith("This message is not translated.") and sent.body.endswith(TEXT.text)
    assert queue.jobs == [sent.id]


def test_the_preview_is_what_is_sent_and_changes_nothing(
    database: Database, cast: Cast, line: OutboxLine, queue: NoQueue
) -> None:
    seen = with_line(database, cast, lambda session, talk: line.preview(session, talk, TEXT))
    assert queue.jobs == [] and not seen.translated
    sent = with_line(database, cast, lambda session, talk: line.send(session, talk, TEXT))
    assert (seen.body, seen.segments, seen.state) == (sent.body, sent.segments, DeliveryState.QUEUED)


def test_the_same_press_twice_leaves_once(
    database: Database, cast: Cast, line: OutboxLine, queue: NoQueue
) -> None:
    with_line(database, cast, lambda session, talk: line.send(session, talk, TEXT))
    assert with_line(database, cast, lambda session, talk: line.send(session, talk, TEXT)) is None
    assert len(queue.jobs) == 1


def test_at_night_it_waits_until_eight(
    database: Database, cast: Cast, line: OutboxLine, clock: FixedClock
) -> None:
    clock.set(datetime(2026, 11, 17, 6, 0, tzinfo=UTC))  # 22:00 at the schools
    sent = with_line(database, cast, lambda session, talk: line.send(session, talk, TEXT))
    assert sent.state == "held" and sent.due_at == datetime(2026, 11, 17, 16, 0, tzinfo=UTC)


def test_after_stop_it_is_kept_but_never_leaves(
    database: Database, cast: Cast, line: OutboxLine, clock: FixedClock, queue: NoQueue
) -> None:
    def stopped(session: Session, talk: Conversation) -> Any:
        consent.stop(
            session, talk.channel, talk.address, consent.Will("ALTO", "es", "message", "family"), clock.now()
        )
        return line.send(session, talk, TEXT)

    sent = with_line(database, cast, stopped)
    assert sent.state == "suppressed" and "STOP" in sent.reason and queue.jobs == []


def test_a_text_in_the_familys_own_language_needs_no_note(
    database: Database, cast: Cast, line: OutboxLine
) -> None:
    spanish = StaffText(7, "Le llamamos a mediodía.", "es", once="press-2")
    seen = with_line(database, cast, lambda session, talk: line.preview(session, talk, spanish))
    assert seen.body == spanish.text
