"""Looks into the product's database, whichever it is, and into the carrier's ledger, while both are at work."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bench.ledgers import query
from bot.storage.session import Database
from tests.journeys.house import House


class Eyes:
    """Read-only eyes on one house."""

    def __init__(self, house: House) -> None:
        self._ledger = house.ledger
        self._database = Database(house.database_url)

    def product(self, sql: str, **values: Any) -> Sequence[tuple[Any, ...]]:
        """Rows of the product's database. DBAPIError while it is down."""
        with self._database.read() as session:
            return [tuple(row) for row in session.execute(text(sql), values)]

    def count(self, table: str, where: str) -> int:
        """How many rows of the product's."""
        return int(self.product(f"select count(*) from {table} where {where}")[0][0])

    def carrier(self, sql: str, *values: Any) -> Sequence[tuple[Any, ...]]:
        """Rows of the carrier's ledger."""
        return query(self._ledger, sql, values)

    def taken(self) -> int:
        """About how many texts the carrier has taken: its newest number."""
        return int(self.carrier("select coalesce(max(id), 0) from messages")[0][0])

    def wait(self, wanted: str, holds: str, seconds: float) -> bool:
        """Wait until an SQL condition on the product's rows holds. False, and no error, when it took too long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if self.product(f"select {holds}")[0][0]:
                    return True
            except DBAPIError:
                pass  # the database was taken away: that is the drill
            time.sleep(0.2)
        return False

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()
