"""Questions whose answer must not take longer the more texts a district has sent: they are answered from an index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.storage.deliveries import list_open_resends
from bot.storage.lost_deliveries import last_try
from bot.storage.session import Database


def plan(database: Database, ask: Callable[[Session], object]) -> str:
    """How the database goes about a question. A few rows PostgreSQL would rather read whole: it may not."""
    asked: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:
        asked.append((given[2], given[3]))

    with database.read() as session:
        event.listen(database.engine, "before_cursor_execute", note)
        ask(session)
        event.remove(database.engine, "before_cursor_execute", note)
        connection = session.connection()
        if not database.embedded:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        (statement, values) = asked[-1]
        word = "EXPLAIN QUERY PLAN" if database.embedded else "EXPLAIN"
        return "\n".join(row[-1] for row in connection.exec_driver_sql(f"{word} {statement}", values))


@pytest.mark.parametrize("ask", [list_open_resends, last_try])
def test_further_tries_of_a_text_are_found_by_index(database: Database, ask: Callable[..., Any]) -> None:
    assert "ix_deliveries_resend_of" in plan(database, lambda session: ask(session, 7))
