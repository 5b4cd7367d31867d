"""What is said of carrier accounts and numbers to those who watch, also at /readyz and /metrics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.health import HealthServices, create_blueprint
from bot.model.errors import CarrierError, Scope
from bot.model.pace import SenderLimits
from bot.outbox.standing import troubles
from bot.storage.migrating import migrate
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.outbox.conftest import OMAR, Line, line_on
from tests.outbox.pools import OURS, give_numbers

LOCKED_OUT = CarrierError("The carrier refused us.", code=20003, permanent=True, scope=Scope.ACCOUNT)
FULL = CarrierError("Its queue is full.", code=21611, scope=Scope.SENDER)


@pytest.fixture
def watched(tmp_path: Path, clock: FixedClock) -> Iterator[Line]:
    """An outbox on a migrated database, with one number."""
    database = Database(f"sqlite:///{tmp_path}/watched.db")
    migrate(database)
    yield give_numbers(line_on(database, clock, tmp_path), SenderLimits(OURS, rate=50))
    database.close()


def client_of(line: Line) -> FlaskClient:
    app = Flask("health")
    services = HealthServices(line.database, line.clock, lambda: (True, "ready"))
    app.register_blueprint(create_blueprint(services))
    return app.test_client()


def told(line: Line) -> list[str]:
    with line.database.read() as session:
        return list(troubles(session, line.clock.now()))


def test_there_is_nothing_to_say_while_all_is_well(watched: Line) -> None:
    watched.sender.send(watched.queue())
    assert told(watched) == []
    checks = client_of(watched).get("/readyz").get_json()["checks"]
    assert checks["carrier"] == {"ok": True, "detail": "takes texts"}
    metrics = client_of(watched).get("/metrics").text
    assert 'homeline_carrier_open{account="fake"} 0.0' in metrics
    assert 'homeline_sender_segments{day="2026-11-16",sender="…0190"} 1.0' in metrics


def test_a_shut_account_is_named_with_its_reason_and_the_next_try(watched: Line) -> None:
    watched.channel.script = [LOCKED_OUT]
    watched.sender.send(watched.queue())
    watched.clock.advance(timedelta(seconds=90))
    [sentence] = told(watched)
    assert sentence.startswith("the carrier account fake has taken nothing for 90 s: The carrier refused us.")
    answer = client_of(watched).get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["carrier"] == {"ok": False, "detail": sentence}
    assert 'homeline_carrier_open{account="fake"} 1.0' in client_of(watched).get("/metrics").text


def test_a_resting_number_is_named_by_its_last_digits(watched: Line) -> None:
    watched.channel.script = [FULL]
    watched.sender.send(watched.queue(recipient=OMAR))
    [sentence] = told(watched)
    assert sentence.startswith("…0190 rests until 17:00:") and sentence.endswith("Its queue is full.")
    assert OURS not in sentence
    assert 'homeline_sender_rests{sender="…0190"} 1.0' in client_of(watched).get("/metrics").text
