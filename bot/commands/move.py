"""`move-to-postgres`: an embedded database becomes a PostgreSQL one, once a district outgrows one process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import psycopg
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.app import parts
from bot.jobs import lockfile
from bot.model.errors import HomelineError
from bot.storage.moving.comparing import Comparison
from bot.storage.moving.marks import unmark
from bot.storage.moving.moving import Move
from bot.storage.session import Database

TOLD_EVERY = 50_000


@click.command("move-to-postgres")
@click.argument("url", required=False)
@click.option("--check", is_flag=True, help="Only compare the two databases, row by row.")
@click.option("--restart", is_flag=True, help="Forget an unfinished move to this target and begin anew.")
@click.option(
    "--undo", is_flag=True, help="Make the SQLite database usable again after a move. Needs no URL."
)
def move_to_postgres(url: str | None, check: bool, restart: bool, undo: bool) -> None:
    """Carry the SQLite database of DATABASE_URL over to the empty PostgreSQL database URL.

    Stop Homeline first. Stopped or killed at any moment, the same command goes on where it was.
    """
    with _in_words():
        source, file = _source()
        if undo:
            with lockfile.hold(_lock(file)):
                done = unmark(source)
            click.echo(f"{file} may be served again." if done else f"{file} was not moved: nothing to undo.")
            return
        target = _target(url)
        try:
            move = Move(source, target, _Telling().batch, _tell_table)
            _check(move) if check else _move(move, file, restart=restart)
        finally:
            target.close()


def _check(move: Move) -> None:
    if not move.check():
        raise click.ClickException("The databases differ.")
    click.echo("Both databases hold the same.")


def _move(move: Move, file: Path, *, restart: bool) -> None:
    with lockfile.hold(_lock(file)):
        if restart:
            move.restart()
        if not move.run(parts().clock.now()):
            raise click.ClickException(
                "The databases differ, so nothing was marked as moved. The SQLite file was changed since an"
                " earlier part of the move, or something else writes to the target: begin anew with --restart."
            )
    click.echo(f"Moved. Set DATABASE_URL to {move.name} (with its password) and start Homeline.")
    click.echo(
        f"{file} is unchanged but for a mark, and Homeline refuses to serve it. `--undo` takes the mark away."
    )


class _Telling:
    """Says on long work how far it is."""

    def __init__(self) -> None:
        self._told: dict[str, int] = {}

    def batch(self, table: str, rows: int, total: int) -> None:
        if rows - self._told.get(table, 0) >= TOLD_EVERY:
            self._told[table] = rows
            click.echo(f"  {table}: {rows:,} of {total:,} rows")


def _tell_table(found: Comparison) -> None:
    if found.equal:
        click.echo(f"{found.table}: {found.rows[0]:,} rows, the same on both sides ({found.checksums[0]})")
        return
    keys = ", ".join("/".join(str(part) for part in key) for key in found.examples)
    click.echo(
        f"{found.table}: DIFFERS. {found.rows[0]:,} rows in SQLite ({found.checksums[0]}), {found.rows[1]:,} in"
        f" PostgreSQL ({found.checksums[1]}); {found.differing:,} differ, with keys {keys}"
    )


def _source() -> tuple[Database, Path]:
    database = parts().database
    name = database.engine.url.database
    if not database.embedded or not name:
        raise click.ClickException("DATABASE_URL does not name a SQLite file: only such a one can be moved.")
    if not Path(name).exists():
        raise click.ClickException(f"There is no database {name}; DATABASE_URL names it.")
    return database, Path(name)


def _target(url: str | None) -> Database:
    try:
        backend = make_url(url).get_backend_name() if url else ""
    except ArgumentError:
        backend = ""
    if not url or backend not in {"postgresql", "postgres"}:
        raise click.ClickException("Name the target as postgresql://user:password@host/database.")
    return Database(url)


def _lock(file: Path) -> Path:
    return Path(f"{file}.lock")


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except HomelineError as error:
        raise click.ClickException(str(error)) from error
    except (SQLAlchemyError, psycopg.Error) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise click.ClickException(
            f"A database did not do what was asked: {reason}. What has gone over stays; the same command goes on."
        ) from error
