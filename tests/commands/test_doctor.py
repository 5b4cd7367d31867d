"""`doctor`: an installation that is right is called right, and every fault is named with its remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.storage.deliveries import Delivery
from bot.storage.revisions import newest_revision
from tests.commands.conftest import at_terminal
from tests.conftest import FixedClock

GOOD = {"PUBLIC_BASE_URL": "https://line.example.org", "ON_CALL_NUMBERS": "+15105550101"}


def examined(folder: Path, clock: FixedClock, **more: str) -> tuple[int, list[str]]:
    """Exit status and lines of `doctor` with these settings beside good ones."""
    with at_terminal(folder, clock, **{**GOOD, **more}) as operator:
        result = operator.run("doctor")
    return result.exit_code, result.output.splitlines()


@pytest.fixture
def migrated(tmp_path: Path, migrated_template: Path) -> Path:
    """The folder of a database that has its tables."""
    shutil.copy(migrated_template, tmp_path / "district.db")
    return tmp_path


def test_a_good_installation_is_called_good(migrated: Path, clock: FixedClock) -> None:
    status, lines = examined(migrated, clock)
    assert status == 0
    assert {line[:4] for line in lines} == {"ok  "}, lines
    told = "\n".join(lines)
    assert "https://line.example.org/twilio/messages#rc=3&rp=all" in told
    assert f"SQLite (one process), at migration {newest_revision()}" in told
    assert "America/Los_Angeles" in told
    assert "model: " in told and "flows: " in told


@pytest.mark.parametrize(
    ("more", "level", "why"),
    [({"PUBLIC_BASE_URL": "http://line.example.org"}, "BAD ", "not https"),
     ({"PUBLIC_BASE_URL": "https://our_line.example.org"}, "BAD ", "underscore"),
     ({"TWILIO_ACCOUNT_SID": "AC12"}, "BAD ", "has 34 characters; this one has 4"),
     ({"SECRET_KEY": "short"}, "BAD ", "openssl rand -hex 32"),
     ({"TWILIO_API_KEY": "SK1"}, "BAD ", "set both or neither"),
     ({"HOMELINE_ROLE": "worker"}, "BAD ", "SQLite is for one process"),
     ({"HOMELINE_DEMO": "1"}, "BAD ", "passwords are published"),
     ({"ON_CALL_NUMBERS": ""}, "WARN", "nobody is alerted"),
     ({"TWILIO_AUTH_TOKEN": "new,old"}, "WARN", "2 tokens are accepted"),
     ({"TWILIO_MESSAGING_SERVICE_SID": "MG" + "0" * 32}, "WARN", "TWILIO_FROM: is not used"),
     ({"TWILIO_API_BASE": "https://carrier.example.org"}, "WARN", "texts go to carrier.example.org"),
     ({"TRIAL_NUMBERS": "+15105550101,+15105550102"}, "WARN", "reach 2 numbers only")],
)  # fmt: skip
def test_a_fault_is_named_with_its_remedy(
    migrated: Path, clock: FixedClock, more: dict[str, str], level: str, why: str
) -> None:
    status, lines = examined(migrated, clock, **more)
    assert [line for line in lines if line.startswith(level) and why in line], lines
    assert status == (1 if level == "BAD " else 0)


def test_an_alert_that_reached_nobody_on_call_is_told(migrated: Path, clock: FixedClock) -> None:
    with at_terminal(migrated, clock, **GOOD) as operator:
        now = operator.home.clock.now()
        with operator.home.database.write() as session:
            session.add(Delivery(dedupe_key="a", kind="alert", channel="sms", recipient="+15105550101", language="en",
                                 body="…", state="undelivered", due_at=now, created_at=now))  # fmt: skip
        assert "WARN  ON_CALL_NUMBERS: alerts that did not arrive in the last 7 days: 1" in operator.says(
            "doctor"
        )


def test_no_secret_is_shown(migrated: Path, clock: FixedClock) -> None:
    hidden = {"SECRET_KEY": "k" * 40, "TWILIO_AUTH_TOKEN": "token-one,token-two", "TWILIO_API_KEY": "SK1",
              "TWILIO_API_SECRET": "api-secret"}  # fmt: skip
    told = "\n".join(examined(migrated, clock, **hidden)[1])
    assert not [value for value in ("k" * 40, "token-one", "token-two", "api-secret") if value in told]


def test_a_database_that_waits_for_its_migration_is_no_fault(tmp_path: Path, clock: FixedClock) -> None:
    status, lines = examined(tmp_path, clock)
    assert (status, [line for line in lines if "the next start migrates it" in line][0][:4]) == (0, "WARN")


def test_a_database_that_does_not_answer_is_a_fault(tmp_path: Path, clock: FixedClock) -> None:
    status, lines = examined(tmp_path, clock, DATABASE_URL="postgresql://127.0.0.1:1/none")
    assert status == 1
    assert [line for line in lines if line.startswith("BAD   DATABASE_URL: PostgreSQL does not answer")]
