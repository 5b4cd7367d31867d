"""A district's SQLite database goes over to PostgreSQL whole, killed where you like, and nowhere it should not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, inspect, select, text, update
from sqlalchemy.exc import OperationalError

from bot.model.errors import BadInput
from bot.storage.deliveries import Delivery
from bot.storage.migrating import migrate
from bot.storage.moving.comparing import Comparison
from bot.storage.moving.marks import WrongDatabase, refuse_unfit, unmark
from bot.storage.moving.moving import Move
from bot.storage.people import Org
from bot.storage.schema import metadata
from bot.storage.search_texts import find_words
from bot.storage.session import Database
from tests import any_rows, postgres
from tests.conftest import MONDAY_MORNING
from tests.databases import EmptySqlite

pytestmark = pytest.mark.slow

ROWS, BATCH = 7, 3


class Killed(Exception):
    """The process ended here."""


@pytest.fixture(scope="module")
def filled(migrated_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmptySqlite]:
    """A SQLite file with rows in every table, to be copied."""
    file = tmp_path_factory.mktemp("filled") / "school.db"
    shutil.copy(migrated_template, file)
    made = Database(f"sqlite:///{file}")
    with made.write() as session:
        any_rows.fill(session.connection(), list(metadata.tables.values()), ROWS)
    made.close()
    copies = EmptySqlite(file, tmp_path_factory.mktemp("source"))
    yield copies
    copies.close()


@pytest.fixture
def source(filled: EmptySqlite) -> Database:
    """A SQLite database with rows in every table."""
    return filled.fresh()


@pytest.fixture(scope="module")
def tables(postgres_url: str) -> Iterator[str]:
    """The name of a PostgreSQL database that a start of the product has prepared."""
    with postgres.fresh_database(postgres_url) as url:
        made = Database(url)
        migrate(made)
        made.close()
        yield url.rsplit("/", 1)[1]


@pytest.fixture
def target(postgres_url: str, tables: str) -> Iterator[Database]:
    """A PostgreSQL database with all tables and no row."""
    with postgres.fresh_database(postgres_url, tables) as url:
        made = Database(url)
        yield made
        made.close()


def move(
    source: Database,
    target: Database,
    report: Callable[[str, int, int], None] = lambda *_: None,
    compared: Callable[[Comparison], None] = lambda _: None,
) -> Move:
    return Move(source, target, report, compared, BATCH)


def everything(database: Database) -> dict[str, list[Any]]:
    with database.read() as session:
        return {
            name: sorted(tuple(row) for row in session.execute(select(*table.primary_key, *table.columns)))
            for name, table in metadata.tables.items()
        }


@pytest.mark.parametrize("kind", ["bare_postgres", "target"])
def test_every_row_of_every_table_goes_over_as_it_was(
    source: Database, kind: str, request: pytest.FixtureRequest
) -> None:
    target: Database = request.getfixturevalue(kind)
    before = everything(source)
    assert all(len(rows) == ROWS for rows in before.values())
    assert move(source, target).run(MONDAY_MORNING)
    assert everything(target) == before
    assert everything(source) == before


def test_killed_at_every_batch_it_goes_on_and_loses_and_doubles_nothing(
    source: Database, target: Database
) -> None:
    seen: list[tuple[str, int]] = []

    def kill(table: str, rows: int, _total: int) -> None:
        if (table, rows) not in seen:
            seen.append((table, rows))
            raise Killed

    runs = 0
    while True:
        runs += 1
        try:
            assert move(source, target, kill).run(MONDAY_MORNING)
            break
        except Killed:
            with pytest.raises(WrongDatabase, match="not finished"):
                refuse_unfit(target)
            refuse_unfit(source)
    assert runs > 3 * len(metadata.tables)
    assert everything(target) == everything(source)
    refuse_unfit(target)


def test_killed_between_the_mark_and_the_end_it_still_ends(source: Database, target: Database) -> None:
    watcher = Database(target.engine.url.render_as_string(hide_password=False))
    with watcher.engine.connect() as looks:

        def look(found: Comparison) -> None:
            if found.table == "orgs":  # whoever reads a table keeps it from being dropped
                looks.execute(text("SELECT count(*) FROM move_progress"))

        impatient = Database(target.engine.url.render_as_string(hide_password=False))
        event.listen(impatient.engine, "begin", lambda c: c.exec_driver_sql("SET LOCAL lock_timeout = 100"))
        with pytest.raises(OperationalError):
            move(source, impatient, compared=look).run(MONDAY_MORNING)
        impatient.close()
    watcher.close()
    for database in (source, target):
        with pytest.raises(WrongDatabase):
            refuse_unfit(database)
    assert move(source, target).run(MONDAY_MORNING)
    refuse_unfit(target)
    assert everything(target) == everything(source)


def test_new_rows_get_keys_after_the_old_ones(source: Database, target: Database) -> None:
    move(source, target).run(MONDAY_MORNING)
    with target.write() as session:
        org = Org(source_id="new", name="New School", type="school")
        session.add(org)
        session.flush()
        assert org.id == ROWS + 1


def test_rows_that_refer_to_later_rows_of_their_table_go_over(source: Database, target: Database) -> None:
    with source.write() as session:
        session.execute(update(Delivery).where(Delivery.id == 1).values(resend_of=ROWS))
    move(source, target).run(MONDAY_MORNING)
    with target.read() as session:
        assert session.get_one(Delivery, 1).resend_of == ROWS


def test_words_are_found_where_the_index_is_another_one(source: Database, target: Database) -> None:
    with source.write() as session:
        session.execute(
            text(
                "UPDATE search_texts SET owner_kind = 'article', language = 'en', words = 'lunch menu' WHERE id = 2"
            )
        )
    move(source, target).run(MONDAY_MORNING)
    with target.read() as session:
        assert [hit.word for hit in find_words(session, "article", ["en"], ["menu"])] == ["menu"]


def test_a_moved_database_is_not_served_until_the_mark_is_taken_away(
    source: Database, target: Database
) -> None:
    move(source, target).run(MONDAY_MORNING)
    with pytest.raises(WrongDatabase, match="was moved to postgresql://.*--undo"):
        refuse_unfit(source)
    with pytest.raises(BadInput, match="moved to .* already"):
        move(source, target).run(MONDAY_MORNING)
    assert unmark(source) is True
    refuse_unfit(source)
    assert unmark(source) is False


def test_nobody_writes_to_the_source_meanwhile(source: Database, target: Database) -> None:
    other = Database(source.engine.url.render_as_string())
    refusals = []

    def try_to_write(_table: str, _rows: int, _total: int) -> None:
        with other.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=0")
            try:
                connection.exec_driver_sql("UPDATE orgs SET name = 'changed'")
            except Exception as error:
                refusals.append(str(error))

    move(source, target, try_to_write).run(MONDAY_MORNING)
    other.close()
    assert refusals and all("locked" in refusal for refusal in refusals)


def test_a_source_that_changed_between_two_runs_is_found_out_and_moved_anew(
    source: Database, target: Database
) -> None:
    def kill(table: str, _rows: int, _total: int) -> None:
        if table == "deliveries":
            raise Killed

    with pytest.raises(Killed):
        move(source, target, kill).run(MONDAY_MORNING)
    with source.write() as session:
        session.execute(update(Org).where(Org.id == 3).values(name="Renamed School"))
    found: list[Comparison] = []
    assert move(source, target, compared=found.append).run(MONDAY_MORNING) is False
    (differs,) = [one for one in found if not one.equal]
    assert (differs.table, differs.differing, differs.examples) == ("orgs", 1, ((3,),))
    refuse_unfit(source)
    move(source, target).restart()
    assert move(source, target).run(MONDAY_MORNING)
    assert everything(target) == everything(source)


def test_a_check_names_rows_that_are_missing_or_too_many(source: Database, target: Database) -> None:
    move(source, target).run(MONDAY_MORNING)
    assert move(source, target).check()
    with target.write() as session:
        session.execute(text("DELETE FROM audit_events WHERE id = 2"))
        session.execute(
            text(
                "INSERT INTO audit_events (SELECT * FROM jsonb_populate_record(null::audit_events, (SELECT to_jsonb(a) || '{\"id\": 90}' FROM audit_events a WHERE id = 1)))"
            )
        )
    found: list[Comparison] = []
    assert move(source, target, compared=found.append).check() is False
    (differs,) = [one for one in found if not one.equal]
    assert (differs.rows, differs.differing, differs.examples) == ((ROWS, ROWS), 2, ((2,), (90,)))
    assert differs.checksums[0] != differs.checksums[1]


def test_a_target_with_rows_is_refused_and_left_as_it_is(source: Database, target: Database) -> None:
    with target.write() as session:
        session.add(Org(source_id="s", name="Somebody's School", type="school"))
    with pytest.raises(BadInput, match=r"not empty \(orgs have rows\)"):
        move(source, target).run(MONDAY_MORNING)
    assert not inspect(target.engine).has_table("move_progress")
    with pytest.raises(BadInput, match="nothing was emptied"):
        move(source, target).restart()


def test_a_target_of_something_else_is_refused(source: Database, bare_postgres: Database) -> None:
    with bare_postgres.write() as session:
        session.execute(text("CREATE TABLE invoices (id int)"))
    with pytest.raises(BadInput, match=r"something else \(invoices\)"):
        move(source, bare_postgres).run(MONDAY_MORNING)


def test_a_source_with_an_older_schema_is_refused(tmp_path: Path, target: Database) -> None:
    old = Database(f"sqlite:///{tmp_path}/old.db")
    with pytest.raises(BadInput, match="db upgrade"):
        move(old, target).run(MONDAY_MORNING)
    old.close()


def test_a_value_that_postgresql_cannot_hold_is_named_without_its_words(
    source: Database, target: Database
) -> None:
    with source.write() as session:
        session.execute(update(Delivery).where(Delivery.id == 5).values(body="secret\0words"))
    with pytest.raises(BadInput, match=r"rows of deliveries with keys \(4,\) to \(6,\)") as error:
        move(source, target).run(MONDAY_MORNING)
    assert "secret" not in str(error.value)
