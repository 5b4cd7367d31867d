"""Procrastinate's own tables on PostgreSQL: made with its schema, brought up to date with its migrations.

Its package carries the whole schema, and beside it one SQL file a change, named by version
(`03.04.00_50_post_….sql`). Which of them a database has stands as a comment on its table of jobs.
"""

from __future__ import annotations

from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

_STANDS = text(
    "SELECT to_regclass('procrastinate_jobs') IS NOT NULL, obj_description(to_regclass('procrastinate_jobs'))"
)
_DROP = (
    "DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers CASCADE",
    "DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type CASCADE",
)


def changes() -> list[Path]:
    """The changes that the installed version knows of, oldest first."""
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def is_current(connection: Connection) -> bool:
    """Whether these tables have everything the installed version wants. SQLite needs none."""
    if connection.dialect.name != "postgresql":
        return True
    stands, newest = connection.execute(_STANDS).one()
    return bool(stands) and str(newest or "") >= changes()[-1].name


def install(connection: Connection) -> None:
    """Make the tables, or bring them up to date; nothing to do on SQLite or where they are newer than we are."""
    if is_current(connection):
        return
    stands, newest = connection.execute(_STANDS).one()
    if not stands:
        _run(connection, SchemaManager.get_schema())
    elif newest:
        for change in changes():
            if change.name > newest:
                _run(connection, change.read_text(encoding="utf-8"))
    # Tables without our comment were made by hand from the installed version: they are taken as they are.
    connection.exec_driver_sql(f"COMMENT ON TABLE procrastinate_jobs IS '{changes()[-1].name}'")


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


def _run(connection: Connection, script: str) -> None:
    """Many statements at once, percent signs and all: the driver itself takes them."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(script)
