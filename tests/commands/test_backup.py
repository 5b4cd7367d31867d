"""`db backup`: a copy of a database in use, or a sentence that says why there is none."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import func, select

from bot.storage.people import Org, StaffMember
from bot.storage.session import Database
from tests.commands.conftest import Operator


def test_the_copy_holds_what_was_committed_while_somebody_writes(operator: Operator, tmp_path: Path) -> None:
    with operator.home.database.write() as session:
        session.add(Org(source_id="s2", name="Half Written School", type="school"))
        session.flush()
        told = operator.says("db", "backup", tmp_path / "copy.db")
    assert "complete and checked" in told
    copy = Database(f"sqlite:///{tmp_path}/copy.db")
    with copy.read() as session:
        assert session.scalars(select(Org.name)).all() == ["Bayview Elementary"]
        assert session.scalar(select(func.count()).select_from(StaffMember)) == 2
    copy.close()
    assert not list(tmp_path.glob("*.half"))


def test_a_file_that_is_there_is_never_written_over(operator: Operator, tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    kept.write_text("the only copy")
    assert "is there already" in operator.refuses("db", "backup", kept)
    assert kept.read_text() == "the only copy"


def test_a_copy_that_cannot_be_made_leaves_nothing_behind(operator: Operator, tmp_path: Path) -> None:
    assert "There is no folder" in operator.refuses("db", "backup", tmp_path / "nowhere" / "copy.db")
    file = str(operator.home.database.engine.url.database)
    operator.home.database.close()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    Path(file).write_bytes(b"not a database, but long enough to be read as one" * 100)
    assert "did not succeed" in operator.refuses("db", "backup", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists() and not list(tmp_path.glob("*.half"))


def test_a_database_that_is_not_there_is_named(bare: Operator, tmp_path: Path) -> None:
    assert "There is no database" in bare.refuses("db", "backup", tmp_path / "copy.db")
