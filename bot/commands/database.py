"""`db upgrade`, `db backup` and `db revision`: the schema, and a copy of everything."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
from alembic import command

from bot.app import Homeline, parts
from bot.commands.writing import in_words
from bot.development import DEMO
from bot.model.errors import HomelineError
from bot.school.demo.vectors import save_vectors
from bot.serving import prepare
from bot.storage.backing_up import back_up
from bot.storage.migrating import alembic_config, migrate
from bot.storage.revisions import current_revision, newest_revision


@click.group()
def db() -> None:
    """The database: its schema, a copy of it."""


@db.command()
def upgrade() -> None:
    """Bring the database to the newest migration."""
    with in_words():
        database = parts().database
        done = migrate(database)
        current = current_revision(database)
    click.echo(f"{'Migrated' if done else 'Nothing to do: the database stands'} at {current}.")


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the SQLite database to FILE while it is in use."""
    database = parts().database
    name = database.engine.url.database
    if not database.embedded or not name:
        raise click.ClickException("Only an SQLite database is backed up so; for PostgreSQL use pg_dump.")
    try:
        size = back_up(Path(name), file)
    except HomelineError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {size:,} bytes, complete and checked.")


@db.command("demo-vectors")
def demo_vectors() -> None:
    """Write the vectors of the demo's articles to demo/vectors.npz (for developers, after editing them)."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = {"database_url": f"sqlite:///{folder}/demo.db", "demo": True}
        home = Homeline(parts().settings.model_copy(update=wanted))
        if home.embedder is None:
            raise click.ClickException("The embedding library cannot be loaded here.")
        prepare(home)
        home.indexing.index()
        with home.database.read() as session:
            count = save_vectors(session, DEMO, home.embedder.version)
        home.close()
    click.echo(f"{count} vectors written.")


@db.command()
@click.option("-m", "--message", required=True, help="What changes, in a few words.")
def revision(message: str) -> None:
    """Write a migration from the difference between models and database (for developers)."""
    database = parts().database
    number = int(newest_revision() or "0") + 1
    with database.engine.connect() as connection:
        command.revision(
            alembic_config(connection), message=message, autogenerate=True, rev_id=f"{number:04d}"
        )
