"""Looks into the product's database and the carrier's ledger while both run."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.journeys.house import House


class Watch:
    """Read-only eyes on one house."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.database = house.folder / "homeline.db"

    def settle(self, texts: int, seconds: float) -> None:
        """Wait until so many turns ended and nothing waits to be sent; TimeoutError with what is still open."""
        deadline = time.monotonic() + seconds
        while True:
            done = self.count("turns", "status in ('done', 'failed')")
            waits = self.count("deliveries", "state in ('queued', 'sending')")
            if done >= texts and not waits:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"{done} of {texts} turns done, {waits} texts not sent within {seconds:.0f} s"
                )
            time.sleep(0.2)

    def count(self, table: str, where: str) -> int:
        """Rows of the product's."""
        return int(query(self.database, f"select count(*) from {table} where {where}")[0][0])

    def sent(self) -> tuple[int, float]:
        """How many texts the carrier took from us, and when it took the last (seconds since 1970)."""
        found = query(
            self.house.ledger, "select count(*), max(created) from messages where direction = 'outbound-api'"
        )
        return int(found[0][0]), float(found[0][1] or 0)

    def check(self, texts: int) -> None:
        """Every turn done, every text of ours in the carrier's ledger once; RuntimeError otherwise."""
        failed = texts - self.count("turns", "status = 'done'")
        ours, theirs = self.count("deliveries", "provider_id is not null"), self.sent()[0]
        unsent = self.count("deliveries", "provider_id is null and state not in ('held', 'suppressed')")
        if failed or unsent or ours != theirs:
            raise RuntimeError(
                f"{failed} turns failed, {unsent} unsent; we sent {ours}, the carrier has {theirs}"
            )


def query(path: Path, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Rows from an SQLite file that somebody else writes."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
        return connection.execute(sql, values).fetchall()
