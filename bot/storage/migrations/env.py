"""How Alembic reaches the database: always through the connection it is given."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from bot.storage.schema import is_ours, metadata


def run(connection: Connection) -> None:
    """Migrate on this connection; batch mode so that SQLite can alter tables."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=is_ours,
        user_module_prefix="bot.storage.base.",
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
