"""What a process has follows from its role; SQLite is for one process that does everything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.app import Homeline
from bot.development import with_development_account
from bot.environment import load_settings, serving_faults
from bot.health.checks import check_readiness
from bot.health.findings import HealthServices
from bot.jobs.presence import Presence
from bot.serving.start import CANNOT, NO_DATABASE, serve
from bot.serving.telling import say
from bot.settings import Settings
from bot.storage.revisions import newest_revision
from bot.storage.session import Database
from bot.web import build_web
from tests.conftest import FixedClock

CARRIER = "http://127.0.0.1:4010"


def _settings(role: str, url: str, **more: str) -> Settings:
    given = {"HOMELINE_MODE": "development", "HOMELINE_ROLE": role, "DATABASE_URL": url}
    return with_development_account(load_settings(given | {"TWILIO_API_BASE": CARRIER} | more))


@pytest.mark.parametrize("role", ["web", "worker", "clock"])
def test_a_part_alone_on_sqlite_does_not_start_and_says_why(
    role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve(_settings(role, "sqlite:///nowhere/at-all.db")) == CANNOT
    said = capsys.readouterr().err
    assert f"HOMELINE_ROLE: {role}" in said and "DATABASE_URL" in said and "PostgreSQL" in said


@pytest.mark.parametrize("url", ["sqlite:///x.db", "postgresql://db/homeline"])
def test_one_process_that_does_everything_runs_on_either_database(url: str) -> None:
    assert serving_faults(_settings("all", url)) == []


def test_in_development_the_parts_need_one_carrier_for_all() -> None:
    settings = load_settings(
        {"HOMELINE_MODE": "development", "HOMELINE_ROLE": "web", "DATABASE_URL": "postgresql://db/homeline"}
    )
    assert any("make cluster" in fault for fault in serving_faults(with_development_account(settings)))


def test_a_database_that_does_not_answer_ends_the_process_so_that_it_is_started_again() -> None:
    settings = _settings("clock", "postgresql://nobody@127.0.0.1:1/nothing")
    assert serve(settings) == NO_DATABASE


def test_a_web_process_loads_no_model_and_asks_the_workers_for_theirs(
    postgresql_database: Database, postgres_home: str
) -> None:
    home = Homeline(_settings("web", postgres_home))
    app = build_web(home.settings, home)
    answer = app.test_client().get("/readyz").get_json()
    assert answer["checks"]["database"]["ok"] is False, "tables made without migrations"
    assert {"classifier", "embedder", "understander"} & set(vars(home)) == set()
    home.close()


@pytest.fixture
def migrated(postgresql_database: Database) -> Iterator[Database]:
    """A PostgreSQL that says its tables are the newest."""
    database = postgresql_database
    with database.write() as session:
        session.execute(text("CREATE TABLE alembic_version (version_num varchar(32))"))
        session.execute(text("INSERT INTO alembic_version SELECT :newest"), {"newest": newest_revision()})
    yield database
    with database.write() as session:
        session.execute(text("DROP TABLE alembic_version"))


def test_readiness_names_the_processes_and_tells_the_silent_ones(
    migrated: Database, clock: FixedClock
) -> None:
    services = HealthServices(migrated, clock, None)
    assert check_readiness(services)["workers"].ok is False
    model = [False, "is being loaded"]
    worker = Presence(migrated, clock, "host:1:a", lambda: {"role": "worker", "model": model})
    worker.show()
    checks = check_readiness(services)
    assert (checks["workers"].ok, checks["model"].ok) == (True, False)
    model[:] = [True, "nlu, 21 intents"]
    worker.show()
    assert check_readiness(services)["model"].ok
    clock.advance(timedelta(seconds=13))
    assert check_readiness(services)["workers"].ok is False


def test_what_is_said_at_the_start_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    say("one", "two")
    assert capsys.readouterr().err == "one\ntwo\n"
