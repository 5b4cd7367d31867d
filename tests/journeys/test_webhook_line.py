"""Signed webhooks against the running product: repeats, forgeries, and texts nobody would design for."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.journeys.house import House, message_fields, sid

KNOWN = "+15105550178"  # D'Andre Reed, one child, English
ODD_TEXTS = {
    "1,600 characters": "My son needs help with his homework and I work nights. " * 29 + "ok?",
    "an empty body": "",
    "emoji only": "🙏🏽👍🎒",
    "control characters": "hello\x00\x07\x1b[2J what time is lunch\x7f",
    "another alphabet": "በዚህ ሳምንት ትምህርት አለ?",
    "a slash command": "/restart",
    "right-to-left": "متى تبدأ المدرسة صباحا؟",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("line")
    made = House(folder, f"sqlite:///{folder}/homeline.db")
    made.start_carrier()
    made.start_product()
    yield made
    made.stop()


def _rows(house: House, sql: str, *values: object) -> list[tuple[object, ...]]:
    with sqlite3.connect(house.folder / "homeline.db", timeout=10) as connection:
        return connection.execute(sql, values).fetchall()


def _answers(house: House, message: str, seconds: float = 15) -> list[str]:
    """The replies to one message, once its turn is done and they have left."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        turn = _rows(
            house,
            "select t.id, t.status from turns t join messages m on m.id = t.message_id where m.provider_id = ?",
            message,
        )
        if turn and turn[0][1] in ("done", "failed"):
            assert turn[0][1] == "done"
            rows = _rows(
                house,
                "select body, state from deliveries where turn_id = ? and kind != 'alert' order by id",
                turn[0][0],
            )
            if all(state in ("sent", "delivered") for _, state in rows):
                return [str(body) for body, _ in rows]
        time.sleep(0.02)
    raise AssertionError(f"no answer to {message} within {seconds} s")


def test_the_same_webhook_fifty_times_at_once_makes_one_turn_and_one_reply(house: House) -> None:
    message = sid(5_000)
    with ThreadPoolExecutor(25) as pool:
        statuses = list(pool.map(lambda _: house.text("+15105550260", "hello", message), range(50)))
    assert set(statuses) == {200}
    assert len(_answers(house, message)) == 1
    assert _rows(house, "select count(*) from messages where provider_id = ?", message) == [(1,)]
    with sqlite3.connect(house.ledger) as ledger:
        assert ledger.execute(
            "select count(*) from messages where recipient = '+15105550260'"
        ).fetchone() == (1,)


@pytest.mark.parametrize("body", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_an_odd_text_gets_a_sensible_answer(house: House, body: str) -> None:
    message = sid(6_000 + list(ODD_TEXTS.values()).index(body))
    assert house.text("+15105550261", body, message) == 200
    answers = _answers(house, message)
    assert answers and all(answer.strip() for answer in answers)


def test_a_number_shared_by_two_guardians_is_asked_who_is_writing(house: House) -> None:
    shared = _rows(
        house,
        "select address from contacts where channel = 'sms' group by address having count(*) > 1 limit 1",
    )[0][0]
    message = sid(7_000)
    assert house.text(str(shared), "I want to book a conference with the teacher", message) == 200
    assert "1." in _answers(house, message)[-1]


def test_a_wrong_signature_is_refused_and_nothing_is_stored(house: House) -> None:
    fields = message_fields(KNOWN, "hello", sid(8_000))
    assert house.post("/twilio/messages", fields, token="another token") == 403
    assert _rows(house, "select count(*) from messages where provider_id = ?", sid(8_000)) == [(0,)]
