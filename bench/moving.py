"""`python -m bench.moving`: rows a second that `move-to-postgres` carries over, and how long it compares."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert

from bench.machine import describe
from bot.storage.conversations import Conversation
from bot.storage.deliveries import Delivery
from bot.storage.migrating import migrate
from bot.storage.moving.comparing import Comparison
from bot.storage.moving.moving import Move
from bot.storage.session import Database
from tests import postgres

BEGAN = datetime(2026, 8, 17, 15, tzinfo=UTC)
LINES = 20_000
CHUNK = 10_000


def main() -> None:
    """Fill a SQLite file, move it to a PostgreSQL cluster of its own, say how fast."""
    parser = argparse.ArgumentParser(prog="python -m bench.moving", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="deliveries")
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder, postgres.server() as server:
        with postgres.fresh_database(server) as url:
            source, target = Database(f"sqlite:///{folder}/school.db"), Database(url)
            _fill(source, rows)
            _measure(source, target, rows)
            source.close()
            target.close()


def _fill(database: Database, rows: int) -> None:
    migrate(database)
    with database.write() as session:
        lines = [{"channel": "sms", "address": f"+1510{n:07d}", "language": "es", "created_at": BEGAN}
                 for n in range(LINES)]  # fmt: skip
        session.execute(insert(Conversation), lines)
    made = _deliveries(rows)
    while chunk := list(islice(made, CHUNK)):
        with database.write(durable=False) as session:
            session.execute(insert(Delivery), chunk)


def _deliveries(rows: int) -> Iterator[dict[str, Any]]:
    for n in range(rows):
        at = BEGAN + timedelta(seconds=n)
        yield {
            "dedupe_key": f"broadcast:{n // LINES}:{n}", "kind": "broadcast", "channel": "sms",
            "recipient": f"+1510{n % LINES:07d}", "conversation_id": n % LINES + 1, "contact_id": None,
            "broadcast_id": n // LINES, "language": "es", "state": "delivered", "due_at": at, "created_at": at,
            "body": f"Mañana {n} no hay clases: la escuela está cerrada por la nieve. Más: +1 510 555 0150.",
            "original": "No school tomorrow.", "original_language": "en", "segments": 2, "attempts": 1,
            "first_attempt_at": at, "sent_at": at, "finished_at": at, "provider_id": f"SM{n:032x}",
            "resend_of": n if n % 50 == 49 else None,
        }  # fmt: skip


def _measure(source: Database, target: Database, rows: int) -> None:
    def compared(found: Comparison) -> None:
        if not found.equal:
            sys.exit(f"{found.table} differs")

    move = Move(source, target, lambda *_: None, compared)
    began = time.perf_counter()
    move.run(BEGAN)
    whole = time.perf_counter() - began
    began = time.perf_counter()
    move.check()
    check = time.perf_counter() - began
    copied = whole - check
    sys.stdout.write(
        f"{describe()}\n{rows:,} deliveries: moved in {copied:.0f} s ({rows / copied:,.0f} rows/s),"
        f" compared in {check:.0f} s ({rows / check:,.0f} rows/s), together {whole:.0f} s\n"
    )


if __name__ == "__main__":
    main()
