"""Reads of one transaction are asked of the database once, until the transaction writes what they were read from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from bot.storage import remembering
from bot.storage.consents import ConsentEvent, last_word
from bot.storage.remembering import remembered
from bot.storage.session import Database

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LINE = ("sms", "+15105550101")


def consent(verdict: str) -> ConsentEvent:
    return ConsentEvent(
        channel=LINE[0], address=LINE[1], verdict=verdict, wording="STOP", language="en",
        source="message", actor="family", at=AT,
    )  # fmt: skip


class Asked:
    """Counts the questions a database is asked."""

    def __init__(self, database: Database) -> None:
        self.selects = 0
        self._event = (database.engine, "before_cursor_execute", self._note)
        event.listen(*self._event)

    def close(self) -> None:
        """Count no more."""
        event.remove(*self._event)

    def _note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.selects += statement.startswith("SELECT")


@pytest.fixture
def asked(database: Database) -> Iterator[Asked]:
    counting = Asked(database)
    yield counting
    counting.close()


def test_the_same_question_is_asked_once(database: Database, asked: Asked) -> None:
    with database.write() as session:
        before = asked.selects
        assert [last_word(session, *LINE) for _ in range(5)] == [None] * 5
        assert asked.selects == before + 1


def test_what_the_transaction_writes_is_seen_even_before_it_is_flushed(database: Database) -> None:
    with database.write() as session:
        assert last_word(session, *LINE) is None
        session.add(consent("revoked"))
        found = last_word(session, *LINE)
        assert found is not None and found.verdict == "revoked"
        session.add(consent("granted"))
        found = last_word(session, *LINE)
        assert found is not None and found.verdict == "granted"


def test_a_statement_that_writes_makes_it_ask_anew(database: Database, asked: Asked) -> None:
    with database.write() as session:
        session.add(consent("revoked"))
        assert last_word(session, *LINE) is not None
        before = asked.selects
        session.execute(update(ConsentEvent).values(verdict="granted"))
        last_word(session, *LINE)
        assert asked.selects == before + 1


def test_the_next_transaction_asks_for_itself(database: Database) -> None:
    with database.write() as session:
        assert last_word(session, *LINE) is None
    with database.write() as other:
        other.add(consent("revoked"))
    with database.read() as session:
        assert last_word(session, *LINE) is not None


def test_what_is_rolled_back_is_forgotten(database: Database) -> None:
    with database.write() as session:
        with pytest.raises(RuntimeError), session.begin_nested():
            session.add(consent("revoked"))
            assert last_word(session, *LINE) is not None
            raise RuntimeError
        assert last_word(session, *LINE) is None


def test_only_so_many_answers_are_kept(database: Database) -> None:
    def ask(session: Session, number: int) -> int:
        return remembered(session, (ConsentEvent,), number, lambda: number)

    with database.read() as session:
        numbers = range(3 * remembering.MOST)
        assert [ask(session, number) for number in numbers] == list(numbers)
        assert len(session.info["homeline_remembered"]) <= remembering.MOST
