"""A migration may add. What it takes away, the program of the last release must have stopped using before.

While a cluster is updated, processes of the last release run on the new tables for a while
(docs/decisions/0015-migrations-add-before-they-take-away.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command, op
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, select

from bot.storage.migrating import alembic_config
from bot.storage.schema import metadata
from bot.storage.session import Database
from tests import any_rows
from tests.storage.contractions import contractions

ROOT = Path(__file__).resolve().parents[2]
NOTE = "docs/decisions/0015-migrations-add-before-they-take-away.md"


UNRELEASED = "unreleased"


def migrations() -> list[Script]:
    return list(reversed(list(ScriptDirectory.from_config(alembic_config()).walk_revisions())))


def released() -> set[str]:
    """The releases of which CHANGELOG.md tells."""
    return set(
        re.findall(r"(?m)^## \[?v?(\d+(?:\.\d+)+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    )


def upgrade_to(connection: Connection, revision: str) -> None:
    command.upgrade(alembic_config(connection), revision)


def complaint(revision: str, about: str, what: str, contracts: dict[str, str]) -> str | None:
    """What is wrong with one step of a migration; None when it was announced by a release."""
    since = contracts.get(about)
    if since is None:
        return (
            f"Migration {revision}: {about} {what}. The last release still works with it as it was. Let the program"
            f" stop using it, release that, and take it away in a later release, in a migration that says"
            f' `contracts = {{"{about}": "<the release that stopped using it>"}}` ({NOTE}).'
        )
    if since == UNRELEASED and not released():
        return None  # no program of a release is at work anywhere
    if since not in released():
        return (
            f"Migration {revision}: {about} {what}, and `contracts` names release {since}, of which CHANGELOG.md does"
            f" not tell. Wait with this step until a release without {about} is out ({NOTE})."
        )
    return None


def test_migrations_only_add_or_say_which_release_stopped_using_what_they_take_away(bare: Database) -> None:
    complaints = []
    for script in migrations():
        with bare.engine.execution_options(homeline_writes=True).begin() as connection:
            if script.down_revision is not None:
                upgrade_to(connection, str(script.down_revision))
        with bare.engine.execution_options(homeline_writes=True).connect() as connection:
            trial = connection.begin()
            contracts = getattr(script.module, "contracts", {})
            for about, what in contractions(connection, script.module.upgrade):
                complaints.append(complaint(script.revision, about, what, contracts))
            trial.rollback()
    assert [words for words in complaints if words] == []


def test_the_program_of_the_migration_before_still_reads_and_writes_every_table(bare: Database) -> None:
    """Its statements name the columns it knows, so the tables as it knew them stand for it."""
    steps = migrations()
    for older, newer in zip(steps, steps[1:], strict=False):
        taken = {about.split(".")[0] for about in getattr(newer.module, "contracts", {})}
        with bare.engine.execution_options(homeline_writes=True).begin() as connection:
            upgrade_to(connection, older.revision)
            known = [table for table in _tables(connection) if table.name not in taken]
            upgrade_to(connection, newer.revision)
        with bare.engine.execution_options(homeline_writes=True).connect() as connection:
            trial = connection.begin()
            any_rows.fill(connection, known, 2)
            assert [len(connection.execute(select(table)).all()) for table in known] == [2] * len(known)
            trial.rollback()


def _tables(connection: Connection) -> list[Table]:
    there = MetaData()
    ours = set(metadata.tables)
    there.reflect(connection, only=lambda name, _: name in ours, resolve_fks=False)
    return list(there.tables.values())


def add_free() -> None:
    with op.batch_alter_table("pets") as batch:
        batch.add_column(sa.Column("colour", sa.String(), nullable=True))
        batch.add_column(sa.Column("legs", sa.Integer(), server_default="4", nullable=False))
        batch.create_index("ix_colour", ["colour"], unique=True)
    op.create_index("ix_name", "pets", ["name"])
    op.create_table("toys", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("ALTER TABLE toys RENAME TO playthings")


def drop_column() -> None:
    with op.batch_alter_table("pets") as batch:
        batch.drop_column("name")


def rename_column() -> None:
    with op.batch_alter_table("pets") as batch:
        batch.alter_column("name", new_column_name="called")


def tighten() -> None:
    with op.batch_alter_table("pets") as batch:
        batch.alter_column("name", nullable=False)


def demand() -> None:
    with op.batch_alter_table("pets") as batch:
        batch.add_column(sa.Column("legs", sa.Integer(), nullable=False))


def make_unique() -> None:
    op.create_index("ux_name", "pets", ["name"], unique=True)


def drop_table() -> None:
    op.drop_table("pets")


def by_hand() -> None:
    op.execute("ALTER TABLE pets RENAME COLUMN name TO called")


@pytest.mark.parametrize(
    ("upgrade", "expected"),
    [
        (add_free, []),
        (drop_column, [("pets.name", "is dropped")]),
        (rename_column, [("pets.name", "is renamed")]),
        (tighten, [("pets.name", "may no longer be empty")]),
        (demand, [("pets.legs", "must be given with every new row, because it has no server_default")]),
        (make_unique, [("pets.name", "gets a unique index, which rows of the old program may break")]),
        (drop_table, [("pets", "is dropped")]),
        (by_hand, [("pets", "is changed by hand: ALTER TABLE pets RENAME COLUMN name TO called")]),
    ],
)
def test_what_a_migration_takes_away_is_seen(
    bare: Database, upgrade: Callable[[], None], expected: list[tuple[str, str]]
) -> None:
    with bare.engine.execution_options(homeline_writes=True).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE pets (id INTEGER PRIMARY KEY, name VARCHAR(20))")
        assert contractions(connection, upgrade) == expected


def test_a_step_that_takes_away_needs_a_release_that_is_out() -> None:
    assert "contracts" in (complaint("0042", "pets.name", "is dropped", {}) or "")
    assert "does not tell" in (complaint("0042", "pets.name", "is dropped", {"pets.name": "999.0"}) or "")
