"""kill -9 at ten random moments while 200 texts arrive: every text is answered, none twice, in order per phone."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.house import House, sid

pytestmark = pytest.mark.slow

TEXTS = 200
KILLS = 10
PHONES = [f"+1510555{n:04d}" for n in range(200, 225)]
BODIES = (
    "hello",
    "what time does school start",
    "thank you",
    "who are you and what can you do",
    "how much is lunch",
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, f"sqlite:///{tmp_path}/homeline.db", carrier_options=("--latency-ms", "30"))
    made.start_carrier()
    made.start_product()
    yield made
    made.stop()


def _arrive(house: House, plan: list[tuple[str, str, str]], done: threading.Event) -> None:
    """Deliver every text until it is acknowledged, one at a time per phone, as a carrier with retries does."""
    for sender, body, message in plan:
        while house.text(sender, body, message) != 200:
            time.sleep(0.05)
        time.sleep(0.05)
    done.set()


def _kill_again_and_again(house: House, dice: random.Random, arrived: threading.Event) -> int:
    kills = 0
    while kills < KILLS:
        time.sleep(dice.uniform(0.2, 0.8))
        house.kill_product()
        kills += 1
        house.start_product(ready=not arrived.is_set() or kills == KILLS)
        if kills < KILLS:
            time.sleep(0.3)
    return kills


def _settled(house: House, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if _open_rows(house) == 0:
            return True
        time.sleep(0.2)
    return False


def _query(path: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10) as connection:
        return connection.execute(sql).fetchall()


def _open_rows(house: House) -> int:
    database = house.folder / "homeline.db"
    turns = _query(database, "select count(*) from turns where status in ('waiting', 'claimed')")[0][0]
    out = _query(database, "select count(*) from deliveries where state in ('queued', 'sending')")[0][0]
    return int(str(turns)) + int(str(out))


def test_no_text_is_lost_and_none_is_answered_twice(house: House) -> None:
    dice = random.Random(20261121)
    plan = [(PHONES[n % len(PHONES)], BODIES[n % len(BODIES)], sid(n + 1)) for n in range(TEXTS)]
    arrived = threading.Event()
    carrier = threading.Thread(target=_arrive, args=(house, plan, arrived))
    carrier.start()

    assert _kill_again_and_again(house, dice, arrived) == KILLS
    carrier.join(timeout=120)

    assert arrived.is_set(), "not every text was acknowledged"
    assert _settled(house, 90), f"{_open_rows(house)} rows are still open"
    database = house.folder / "homeline.db"
    assert _query(database, "select status, count(*) from turns group by status") == [("done", TEXTS)]
    wanted = _query(
        database, "select recipient, body, provider_id from deliveries where kind = 'reply' order by id"
    )
    sent = _query(
        house.ledger, "select recipient, body, sid from messages where direction = 'outbound-api' order by id"
    )
    assert len(wanted) >= TEXTS
    for phone in PHONES:
        ours = [(body, provider_id) for recipient, body, provider_id in wanted if recipient == phone]
        theirs = [(body, message) for recipient, body, message in sent if recipient == phone]
        assert theirs == ours, f"{phone}: the carrier's ledger differs from what we meant to send"
    answered = _query(database, "select count(distinct turn_id) from deliveries where kind = 'reply'")
    assert answered == [(TEXTS,)]
