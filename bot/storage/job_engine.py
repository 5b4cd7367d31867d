"""Procrastinate's own tables on PostgreSQL: made with its schema, brought up to date with its migrations.

Its package carries the whole schema, and beside it one SQL file a change, named by version
(`03.04.00_50_post_….sql`). Which of them a database has stands as a comment on its table of jobs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text

if TYPE_CHECKING:
    from procrastinate.schema import SchemaManager

_STANDS = text(
    "SELECT to_regclass('procrastinate_jobs') IS NOT NULL, obj_description(to_regclass('procrastinate_jobs'))"
)
_DROP = (
    "DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers CASCADE",
    "DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type CASCADE",
)


def changes() -> list[Path]:
    """The changes that the installed version knows of, oldest first."""
    return sorted(Path(_schema().get_migrations_path()).glob("*.sql"))


def is_current(connection: Connection) -> bool:
    """Whether these tables have everything the installed version wants. SQLite needs none."""
    if connection.dialect.name != "postgresql":
        return True
    stands, newest = connection.execute(_STANDS).one()
    return bool(stands) and (newest is None or str(newest) >= changes()[-1].name)


def install(connection: Connection) -> None:
    """Make the tables where there are none; SQLite needs none."""
    if connection.dialect.name != "postgresql" or connection.execute(_STANDS).one()[0]:
        return
    _run(connection, _schema().get_schema())
    _note(connection, changes()[-1].name)


def catch_up(engine: Engine) -> None:
    """Apply what a later version of the engine wants, a transaction a change: some build on the one before,
    committed. Tables newer than the installed version are left alone, and so are those without our comment,
    which somebody made by hand from the installed version."""
    with engine.connect() as connection:
        if is_current(connection):
            return
        noted = connection.execute(_STANDS).one()[1]
    for change in changes():
        if noted and change.name > noted:
            with engine.begin() as connection:
                _run(connection, change.read_text(encoding="utf-8"))
                _note(connection, change.name)


def remove(connection: Connection) -> None:
    """Drop everything again, functions included."""
    if connection.dialect.name != "postgresql":
        return
    for statement in _DROP:
        connection.exec_driver_sql(statement)
    functions = connection.execute(
        text(r"SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'procrastinate\_%'")
    ).scalars()
    for function in functions.all():
        connection.exec_driver_sql(f"DROP FUNCTION {function}")


def _schema() -> type[SchemaManager]:
    """Imported here: a process on SQLite never needs it."""
    from procrastinate.schema import SchemaManager

    return SchemaManager


def _note(connection: Connection, change: str) -> None:
    connection.exec_driver_sql(f"COMMENT ON TABLE procrastinate_jobs IS '{change}'")


def _run(connection: Connection, script: str) -> None:
    """Many statements at once, percent signs and all: the driver itself takes them."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(script)
