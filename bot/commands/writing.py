"""What commands that change the database share: a session, plain words for what went wrong, a trial run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.exc import DatabaseError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from bot.app import Homeline, parts
from bot.model.errors import HomelineError
from bot.school.tabular.problems import ImportReport
from bot.storage.moving.marks import refuse_unfit
from bot.storage.revisions import current_revision, newest_revision, refuse_newer

Loader = Callable[[Session, Path, datetime], ImportReport]


@contextmanager
def changing() -> Iterator[tuple[Homeline, Session]]:
    """The parts and a session that is committed at the end; what Homeline can name ends the command in words."""
    home = parts()
    with in_words():
        refuse_newer(home.database)
        if current_revision(home.database) != newest_revision():
            raise click.ClickException(
                "The database has not the newest schema. Run `flask --app server db upgrade` first."
            )
        refuse_unfit(home.database)
        with home.database.write() as session:
            yield home, session


@contextmanager
def in_words() -> Iterator[None]:
    """What goes wrong with the operator's input or with the database ends the command in words; our own faults do not."""
    try:
        yield
    except HomelineError as error:
        raise click.ClickException(str(error)) from error
    except OverflowError as error:
        raise click.ClickException(
            "A number or a day is larger than can be stored or counted with."
        ) from error
    except DatabaseError as error:
        if isinstance(error, IntegrityError | ProgrammingError):
            raise
        reason = str(error.orig).strip().splitlines()[0]
        raise click.ClickException(
            f"The database did not do what was asked: {reason}. Nothing was changed; `doctor` looks at it."
        ) from error


def load_folder(loader: Loader, folder: Path, *, dry_run: bool) -> None:
    """Run an import and report it: every problem with its place and remedy, then what went in."""
    with changing() as (home, session):
        report = loader(session, folder, home.clock.now())
        if dry_run:
            session.rollback()
    for problem in report.problems:
        click.echo(str(problem))
    told = ", ".join(f"{kind}: {tally}" for kind, tally in report.counts.items())
    click.echo(f"{'Would load' if dry_run else 'Loaded'}: {told}")
