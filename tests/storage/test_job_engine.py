"""The job engine's tables: made once, brought up to date by the engine's own changes, gone without a trace."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, text

from bot.storage.job_engine import catch_up, changes, install, is_current, remove
from bot.storage.migrating import migrate
from bot.storage.revisions import current_revision, newest_revision
from bot.storage.session import Database

OURS = r"SELECT count(*) FROM pg_proc WHERE proname LIKE 'procrastinate\_%'"
TABLES = r"SELECT count(*) FROM pg_tables WHERE tablename LIKE 'procrastinate\_%'"
TYPES = r"SELECT count(*) FROM pg_type WHERE typname LIKE '%procrastinate\_%' AND typtype IN ('e', 'c')"


def _run(connection: Connection, script: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(script)


def _shape(connection: Connection) -> list[str]:
    """Every function and column by its name."""
    functions = r"SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'procrastinate\_%'"
    columns = (
        "SELECT table_name || '.' || column_name FROM information_schema.columns"
        r" WHERE table_name LIKE 'procrastinate\_%'"
    )
    return sorted(connection.scalars(text(f"{functions} UNION ALL {columns}")).all())


def test_the_tables_are_made_once(bare_postgres: Database) -> None:
    with bare_postgres.engine.begin() as connection:
        assert not is_current(connection)
        install(connection)
        install(connection)
        assert is_current(connection)
        assert connection.scalar(text(TABLES)) == 4


def test_tables_of_an_older_version_are_brought_up_to_date(
    bare_postgres: Database, postgres_home: str
) -> None:
    old = [change for change in changes() if change.name < "03.03"]
    assert old and old != changes()
    for change in old:
        with bare_postgres.engine.begin() as connection:
            _run(connection, change.read_text(encoding="utf-8"))
    with bare_postgres.engine.begin() as connection:
        _run(connection, f"COMMENT ON TABLE procrastinate_jobs IS '{old[-1].name}'")
        before = _shape(connection)
        assert not is_current(connection)
    catch_up(bare_postgres.engine)
    with bare_postgres.engine.connect() as connection:
        assert is_current(connection)
        after = _shape(connection)
    assert set(after) - set(before), "the later changes were not applied"
    fresh = Database(postgres_home)
    with fresh.engine.connect() as connection:
        assert [one for one in _shape(connection) if one not in after] == []
    fresh.close()


def test_tables_newer_than_the_installed_version_are_left_alone(bare_postgres: Database) -> None:
    with bare_postgres.engine.begin() as connection:
        install(connection)
        _run(connection, "COMMENT ON TABLE procrastinate_jobs IS '99.00.00_01_of_the_future.sql'")
        assert is_current(connection)
    catch_up(bare_postgres.engine)


def test_nothing_of_them_stays_behind(bare_postgres: Database) -> None:
    with bare_postgres.engine.begin() as connection:
        install(connection)
        remove(connection)
        assert [connection.scalar(text(question)) for question in (OURS, TABLES, TYPES)] == [0, 0, 0]


def test_sqlite_has_none(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        assert is_current(connection)
        install(connection)
        remove(connection)
    catch_up(sqlite_database.engine)


def test_processes_that_start_together_migrate_once(bare_postgres: Database) -> None:
    with ThreadPoolExecutor(3) as pool:
        done = [pool.submit(migrate, bare_postgres) for _ in range(3)]
        assert sorted(one.result(timeout=120) for one in done) == [False, False, True]
    assert current_revision(bare_postgres) == newest_revision()
