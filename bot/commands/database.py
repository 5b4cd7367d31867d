"""`db upgrade` and `db revision`: the schema."""

from __future__ import annotations

import tempfile

import click
from alembic import command

from bot.app import Homeline, parts
from bot.development import DEMO
from bot.school.demo.vectors import save_vectors
from bot.serving import prepare
from bot.storage.migrating import alembic_config, current_revision, migrate, newest_revision


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
def upgrade() -> None:
    """Bring the database to the newest migration."""
    database = parts().database
    done = migrate(database)
    click.echo(
        f"{'Migrated' if done else 'Nothing to do: the database stands'} at {current_revision(database)}."
    )


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
