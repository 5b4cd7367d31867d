"""Insert a row unless one with the same key stands: one statement, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


class InsertOnce:
    """The statement for one table, built once: building it takes longer than running it.

    `target` is a mapped class or its table (which saves the mapper's time), `same` names the columns of the
    unique key, `returning` is what comes back of a new row.
    """

    def __init__(self, target: Any, same: Sequence[str], returning: Any) -> None:
        self._statements = {
            dialect.dialect.name: insert(target)
            .on_conflict_do_nothing(index_elements=same)
            .returning(returning)
            for dialect, insert in ((sqlite, sqlite.insert), (postgresql, postgresql.insert))
        }

    def run(self, session: Session, row: Mapping[str, Any]) -> Any:
        """What was asked back of the new row; None when one with the same key stands, which stays as it is."""
        return session.scalars(self._statements[session.get_bind().dialect.name], row).one_or_none()
