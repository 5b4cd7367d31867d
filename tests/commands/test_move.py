"""`move-to-postgres`: what the operator sees, and a demo district with traffic that answers on afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from bot.app import Homeline
from bot.environment import load_settings
from bot.inbox.landing import land
from bot.jobs import lockfile
from bot.model.messages import InboundMessage
from bot.model.utterance import IntentGuess, Parse
from bot.serving import prepare, serve
from bot.storage.conversations import Turn
from bot.storage.deliveries import Delivery
from bot.storage.delivery_claims import Lease, claim_unclear, claim_waiting
from bot.storage.session import Database
from tests import postgres
from tests.commands.conftest import Operator
from tests.conftest import FixedClock
from tests.journeys.house import ROOT

pytestmark = pytest.mark.slow

PHONE = "+15105550101"


class Greets:
    """Port IntentClassifier to which everything is a greeting."""

    name = "greets"

    def parse(self, text: str) -> Parse:
        guess = IntentGuess("greet", 0.99)
        return Parse(guess, (guess,))


@pytest.fixture
def target(postgres_url: str) -> Iterator[str]:
    """An empty PostgreSQL database, as an operator writes it."""
    with postgres.fresh_database(postgres_url) as url:
        yield url.replace("postgresql+psycopg://", "postgresql://")


def homeline(url: str, clock: FixedClock, **more: str) -> Homeline:
    settings = load_settings({"DATABASE_URL": url, "HOMELINE_MODE": "development", **more})
    made = Homeline(settings, clock=clock)
    made.__dict__["classifier"] = Greets()
    return made


def take_in(home: Homeline, number: int) -> int:
    with home.database.write() as session:
        message = InboundMessage("sms", f"SM{number}", PHONE, "+1", "hello", home.clock.now())
        turn = land(session, message, home.queue)
    assert turn is not None
    return turn


def replies(database: Database, turn: int) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Delivery.body).where(Delivery.turn_id == turn)))


def add_schools(operator: Operator, count: int) -> None:
    with operator.home.database.write() as session:
        session.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
                "INSERT INTO orgs (source_id, name, type) SELECT 'o' || i, 'School', 'school' FROM n"
            ),
            {"count": count},
        )


def test_a_demo_district_with_traffic_moves_and_answers_the_text_that_was_in_hand(
    bare: Operator, target: str, clock: FixedClock
) -> None:
    old = homeline(bare.home.settings.database_url, clock, HOMELINE_DEMO="1")
    prepare(old)
    answered = take_in(old, 1)
    old.journey.take_turn(answered)
    in_hand = take_in(old, 2)
    with old.database.write() as session:  # a process that died held a text and a reply
        first = session.scalars(select(Delivery.id)).first() or 0
        assert claim_waiting(session, first, Lease("dead", clock.now(), clock.now() + timedelta(seconds=40)))
        session.execute(
            update(Turn)
            .where(Turn.id == in_hand)
            .values(status="claimed", owner="dead", lease_until=clock.now() + timedelta(seconds=40))
        )
    old.close()

    told = bare.says("move-to-postgres", target)
    assert "students: " in told and "DIFFERS" not in told and "Moved. Set DATABASE_URL" in told
    assert "Both databases hold the same." in bare.says("move-to-postgres", target, "--check")

    clock.advance(timedelta(minutes=2))
    new = homeline(target, clock, HOMELINE_DEMO="1")
    prepare(new)
    assert replies(new.database, answered) and not replies(new.database, in_hand)
    new.journey.take_turn(in_hand)
    assert replies(new.database, in_hand)
    with new.database.write() as session:
        assert claim_unclear(session, first, Lease("alive", clock.now(), clock.now() + timedelta(seconds=40)))
    later = take_in(new, 3)
    new.journey.take_turn(later)
    assert later > in_hand and replies(new.database, later)
    new.close()


def test_it_refuses_while_the_product_runs(operator: Operator, target: str) -> None:
    path = Path(f"{operator.home.database.engine.url.database}.lock")
    with lockfile.hold(path):
        assert "already runs on this database" in operator.refuses("move-to-postgres", target)
    assert "Moved." in operator.says("move-to-postgres", target)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("", "Name the target as postgresql://"),
        ("sqlite:///other.db", "Name the target as postgresql://"),
        ("nonsense", "Name the target as postgresql://"),
        ("postgresql://nobody@127.0.0.1:1/none", "the same command goes on"),
    ],
)
def test_a_wrong_target_is_named_in_words(operator: Operator, wrong: str, told: str) -> None:
    refusal = operator.refuses("move-to-postgres", *([wrong] if wrong else []))
    assert refusal.startswith("Error: ") and told in refusal and "Traceback" not in refusal


def test_only_a_database_that_is_there_is_moved(bare: Operator, target: str) -> None:
    assert "There is no database" in bare.refuses("move-to-postgres", target)
    assert not Path(str(bare.home.database.engine.url.database)).exists()


def test_a_moved_file_is_neither_served_nor_changed_until_the_move_is_undone(
    operator: Operator, target: str, capfd: pytest.CaptureFixture[str]
) -> None:
    operator.says("move-to-postgres", target)
    assert "may be" not in operator.refuses("openings", "add", "--staff", "t-1", "--date", "2026-11-18", "--from", "15:00", "--until", "16:00", "--minutes", "20")  # fmt: skip
    settings = operator.home.settings.model_copy(update={"public_base_url": "https://line.example.org"})
    assert serve(settings) == 2
    assert "was moved to postgresql://" in capfd.readouterr().err
    assert "may be served again" in operator.says("move-to-postgres", "--undo")
    assert "nothing to undo" in operator.says("move-to-postgres", "--undo")
    assert "not empty" in operator.refuses("move-to-postgres", target)


def test_long_work_says_how_far_it_is_and_a_difference_is_a_failure(operator: Operator, target: str) -> None:
    add_schools(operator, 60000)
    told = operator.says("move-to-postgres", target)
    assert "orgs: 50,000 of 60,001 rows" in told and "orgs: 60,001 rows, the same on both sides" in told
    moved = Database(target)
    with moved.write() as session:
        session.execute(text("UPDATE orgs SET name = 'Another' WHERE id = 777"))
    moved.close()
    assert "orgs: DIFFERS" in operator.refuses("move-to-postgres", target, "--check")


def test_killed_with_signal_nine_it_goes_on(operator: Operator, target: str, tmp_path: Path) -> None:
    add_schools(operator, 120000)
    settings = operator.home.settings
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": settings.database_url,
                   "HOMELINE_MODE": "development", "PYTHONUNBUFFERED": "1"}  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "server", "move-to-postgres", target]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    for line in process.stdout:
        if b"of 120,001 rows" in line:
            process.send_signal(signal.SIGKILL)
            break
    assert process.wait() == -signal.SIGKILL
    told = operator.says("move-to-postgres", target)
    assert "orgs: 120,001 rows, the same on both sides" in told and "Moved." in told
