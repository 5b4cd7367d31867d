"""`db upgrade` and `db revision`: the schema."""

from __future__ import annotations

import click
from alembic import command

from bot.app import parts
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
