"""A district's database and the commands an operator has, as `flask --app server` would run them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from bot import commands
from bot.app import Homeline
from bot.console import passwords
from bot.environment import load_settings
from bot.school import accounts
from bot.storage.people import Org, StaffMember
from tests.conftest import FixedClock
from tests.console.house import HASHER


class Operator:
    """Somebody at a terminal."""

    def __init__(self, app: Flask, home: Homeline) -> None:
        self.app, self.home = app, home

    def run(self, *words: str | Path, typed: str = "") -> Result:
        """The outcome of a command; `typed` answers its questions."""
        with self.app.app_context():  # as `flask` does before it runs a command
            return CliRunner().invoke(
                self.app.cli, [str(word) for word in words], input=typed, catch_exceptions=False
            )

    def says(self, *words: str | Path, typed: str = "") -> str:
        """What a command that succeeds prints."""
        result = self.run(*words, typed=typed)
        assert result.exit_code == 0, result.output
        return result.output

    def refuses(self, *words: str | Path, typed: str = "") -> str:
        """What a command that fails prints."""
        result = self.run(*words, typed=typed)
        assert result.exit_code != 0, result.output
        return result.output


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As strong as they are, hashes cost 0.1 s each; that they are is asserted where accounts are tested."""
    monkeypatch.setattr(accounts, "PasswordHasher", lambda: HASHER)
    monkeypatch.setattr(passwords, "_hasher", lambda: HASHER)


@contextmanager
def at_terminal(folder: Path, clock: FixedClock, **more: str) -> Iterator[Operator]:
    """An operator whose database nobody has prepared. `more` are settings."""
    settings = load_settings({
        "DATABASE_URL": f"sqlite:///{folder}/district.db", "HOMELINE_MODE": "production",
        "SECRET_KEY": "commands-" * 5, "TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "token",
        "TWILIO_FROM": "+15105550190", **more,
    })  # fmt: skip
    home = Homeline(settings, clock=clock)
    app = Flask("terminal")
    app.extensions["homeline"] = home
    commands.register(app)
    yield Operator(app, home)
    home.close()


@pytest.fixture
def bare(tmp_path: Path, clock: FixedClock) -> Iterator[Operator]:
    """An operator whose database nobody has prepared."""
    with at_terminal(tmp_path, clock) as operator:
        yield operator


@pytest.fixture
def ready(bare: Operator, migrated_template: Path) -> Operator:
    """An operator whose database has its tables, and nothing in them."""
    shutil.copy(migrated_template, str(bare.home.database.engine.url.database))
    return bare


@pytest.fixture
def operator(ready: Operator) -> Operator:
    """An operator whose roster has a school, a teacher, and somebody who left."""
    with ready.home.database.write() as session:
        school = Org(source_id="s1", name="Bayview Elementary", type="school")
        session.add(school)
        session.flush()
        session.add_all([
            StaffMember(source_id="t-1", given_name="Emma", family_name="Washington", role="teacher", school_id=school.id),
            StaffMember(source_id="t-2", given_name="Ben", family_name="Gone", role="teacher", active=False),
        ])  # fmt: skip
    return ready
