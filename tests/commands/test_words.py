"""Commands end in words, whatever stands in the way: a newer database, a broken or locked one, numbers beyond all bounds."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.serving.start import CANNOT, serve
from bot.storage.migrating import migrate
from bot.storage.revisions import NewerDatabase
from tests.commands.conftest import Operator

NEWER = "made by a newer version"


def _file(operator: Operator) -> Path:
    return Path(str(operator.home.database.engine.url.database))


@pytest.fixture
def ahead(operator: Operator) -> Operator:
    """An operator whose database a later version has migrated."""
    with operator.home.database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9000'"))
    return operator


@pytest.mark.parametrize("words", [("groups", "list"), ("db", "upgrade"), ("doctor",)])
def test_a_database_of_a_newer_version_is_called_so(ahead: Operator, words: tuple[str, ...]) -> None:
    told = ahead.refuses(*words)
    assert NEWER in told and "Traceback" not in told
    assert "BAD   database" in told or words != ("doctor",)


def test_nobody_serves_from_or_migrates_a_database_of_a_newer_version(
    ahead: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NewerDatabase, match=NEWER):
        migrate(ahead.home.database)
    assert (
        serve(ahead.home.settings.model_copy(update={"public_base_url": "https://line.example.org"}))
        == CANNOT
    )
    assert NEWER in capsys.readouterr().err


@pytest.mark.parametrize("words", [("groups", "list"), ("db", "upgrade")])
def test_a_file_that_is_no_database_is_told(operator: Operator, words: tuple[str, ...]) -> None:
    operator.home.database.close()
    _file(operator).write_bytes(b"not a database, but long enough to be read as one" * 100)
    told = operator.refuses(*words)
    assert told.startswith("Error: ") and "not a database" in told


SEND = ("broadcast", "send", "--as", "t-1", "--text", "Hello.", "--yes", "--send-at")
ADD = ("openings", "add", "--staff", "t-1", "--from", "15:00", "--until", "16:00", "--date")


@pytest.mark.parametrize(
    "words",
    [
        ("broadcast", "status", "9" * 20), ("broadcast", "pause", "9" * 20), ("deliveries", "again", "9" * 20),
        ("deliveries", "list", "--broadcast", "9" * 20), (*SEND, "9999-12-31 23:30"), (*SEND, "9999-12-31 10:30"),
        (*ADD, "9999-12-31"), (*ADD, "2026-12-03", "--minutes", "9" * 20),
    ],
)  # fmt: skip
def test_numbers_and_days_beyond_all_bounds_are_refused_in_words(
    operator: Operator, words: tuple[str, ...]
) -> None:
    result = operator.run(*words)
    assert result.exit_code != 0 and isinstance(result.exception, SystemExit)
    assert "Error: " in result.output and "Usage: " not in result.output


def test_a_database_that_somebody_else_holds_is_told(operator: Operator) -> None:
    other = sqlite3.connect(_file(operator), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with operator.home.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 10")
    try:
        assert "locked" in operator.refuses("groups", "list")
    finally:
        other.close()


@pytest.mark.parametrize("deep", ["[" * 5000, "a: " + "{b: " * 5000])
def test_files_that_are_none_or_nested_without_end_are_named(
    operator: Operator, tmp_path: Path, deep: str
) -> None:
    (tmp_path / "folder.yml").mkdir()
    (tmp_path / "deep.yml").write_text(deep, "utf-8")
    for words in (("knowledge", "load", tmp_path), ("flows", "check", tmp_path)):
        result = operator.run(*words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "folder.yml" in result.output and "deep.yml" in result.output
