"""The made-up text of a start goes all the way, and nothing of it stays."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, text

from bot.app import Homeline
from bot.development import with_development_account
from bot.environment import load_settings
from bot.serving.preparing import prepare
from bot.serving.rehearsal import rehearse
from bot.storage.schema import metadata


def counts(home: Homeline) -> dict[str, int]:
    """The rows of every table."""
    with home.database.read() as session:
        return {name: session.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in metadata.tables}


@pytest.fixture
def home(tmp_path: Any) -> Any:
    """The product on a database of its own with the demo district, nothing started."""
    wanted = {"HOMELINE_MODE": "development", "HOMELINE_DEMO": "1", "DATABASE_URL": f"sqlite:///{tmp_path}/x.db",
              "TWILIO_API_BASE": "http://127.0.0.1:9"}  # fmt: skip
    made = Homeline(with_development_account(load_settings(wanted)))
    prepare(made)
    made.indexing.index()
    yield made
    made.close()


def test_a_start_answers_a_made_up_text_and_takes_everything_back(home: Homeline) -> None:
    before, said = counts(home), []

    @event.listens_for(home.database.engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(" ".join(statement.replace('"', "").split()))

    rehearse(home)
    for words in (
        "INSERT INTO messages",
        "INSERT INTO turns",
        "INSERT INTO conversations",
        "INSERT INTO deliveries",
    ):
        assert any(statement.startswith(words) for statement in said), words
    assert any("FROM embeddings" in statement for statement in said), "the articles were not asked"
    assert counts(home) == before


def test_without_a_channel_there_is_nothing_to_rehearse(home: Homeline) -> None:
    home.__dict__["channels"] = {}
    before = counts(home)
    rehearse(home)
    assert counts(home) == before
