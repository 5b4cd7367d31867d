"""Insert a row unless one with the same key stands: one statement, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import FromClause, Row
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


class InsertOnce:
    """The statement for one table, built once: building it takes longer than running it.

    On the table, not on its mapped class: for an insert of known values the mapper only costs time. `same` names
    the columns of the unique key, `returning` is what comes back of a new row.
    """

    def __init__(self, table: FromClause, same: Sequence[str], *returning: Any) -> None:
        self._statements = {
            dialect.dialect.name: insert(table)  # type: ignore[arg-type]
            .on_conflict_do_nothing(index_elements=same)
            .returning(*returning)
            for dialect, insert in ((sqlite, sqlite.insert), (postgresql, postgresql.insert))
        }

    def run(self, session: Session, row: Mapping[str, Any]) -> Row[Any] | None:
        """What was asked back of the new row; None when one with the same key stands, which stays as it is."""
        connection = session.connection()
        return connection.execute(self._statements[connection.dialect.name], row).first()
