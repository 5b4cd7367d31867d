"""The move from beginning to end. Killed anywhere, it goes on where it stopped when it is called again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, inspect, select

from bot.model.errors import BadInput
from bot.storage.migrating import migrate
from bot.storage.moving.comparing import Comparison, compare
from bot.storage.moving.copying import BATCH, Copying, Report, empty_tables, set_sequences
from bot.storage.moving.marks import PROGRESS, mark_moved, moved_to
from bot.storage.moving.plan import Part, parts
from bot.storage.moving.progress import SCHEMA, Progress
from bot.storage.revisions import current_revision, newest_revision
from bot.storage.session import Database

NOT_OURS = ("alembic_version", PROGRESS, "procrastinate_")
"""Tables of the target that are no rows of a district: their names, or how they begin."""


@dataclass(frozen=True, slots=True)
class Move:
    """One move. `report` is told of every batch before it is committed, `compared` of every table compared."""

    source: Database
    target: Database
    report: Report
    compared: Callable[[Comparison], None]
    batch: int = BATCH

    @property
    def name(self) -> str:
        """The target without its password."""
        return self.target.engine.url.set(drivername="postgresql").render_as_string(hide_password=True)

    def run(self, now: datetime) -> bool:
        """Carry everything over, compare, and mark the source. False when the sides differ: then nothing is marked.

        The caller holds the lock of the embedded product; the transaction on the source, which lasts as long as
        the move, keeps commands from writing meanwhile. BadInput says why a target cannot be used.
        """
        found, progress = parts(), Progress(self.target)
        with self.source.write() as session:
            source = session.connection()
            self._check_source(source, progress)
            self._prepare(progress, found)
            copying = Copying(source, self.target, progress, self.report, self.batch)
            for part in found:
                copying.copy_rows(part)
            for part in found:
                copying.fill_late(part)
            with self.target.engine.begin() as connection:
                set_sequences(connection, found)
            if not self._compare(source, found):
                return False
            mark_moved(session, self.name, now)
        with self.target.engine.begin() as connection:
            progress.end(connection)
        return True

    def check(self) -> bool:
        """Compare only; nothing is changed. Whether both sides hold the same."""
        if current_revision(self.target) != current_revision(self.source):
            raise BadInput("The two databases do not have the same tables: there is nothing to compare yet.")
        with self.source.read() as session:
            return self._compare(session.connection(), parts())

    def restart(self) -> None:
        """Forget a begun move: the target's tables are emptied. BadInput when no move has begun there."""
        progress = Progress(self.target)
        if not progress.has_begun():
            raise BadInput(f"No unfinished move to {self.name} is known: nothing was emptied.")
        migrate(self.target)
        with self.target.engine.begin() as connection:
            empty_tables(connection, parts())
            progress.end(connection)

    def _check_source(self, source: Connection, progress: Progress) -> None:
        if current_revision(self.source) != newest_revision():
            raise BadInput(
                "The SQLite database has not the newest schema: run `flask --app server db upgrade` first."
            )
        before = moved_to(source)
        if before is not None and not progress.has_begun():
            raise BadInput(f"This database was moved to {before} already; `--undo` makes it usable again.")

    def _prepare(self, progress: Progress, found: Sequence[Part]) -> None:
        if not progress.has_begun():
            refuse_used(self.target)
            progress.begin()
        if progress.place(SCHEMA)[2]:
            if migrate(self.target):
                raise BadInput("The program is newer than the begun move: begin it anew with --restart.")
            return
        migrate(self.target)
        with self.target.engine.begin() as connection:
            empty_tables(connection, found)
            progress.note(connection, SCHEMA, last=None, rows=0, done=True)

    def _compare(self, source: Connection, found: Sequence[Part]) -> bool:
        equal = True
        with self.target.read() as session:
            for part in found:
                comparison = compare(source, session.connection(), part, self.batch)
                self.compared(comparison)
                equal = equal and comparison.equal
        return equal


def refuse_used(target: Database) -> None:
    """BadInput when the target holds rows, or tables of something else."""
    ours = {part.name: part for part in parts()}
    with target.engine.connect() as connection:
        there = [name for name in inspect(connection).get_table_names() if not name.startswith(NOT_OURS)]
        strange = sorted(set(there) - set(ours))
        full = [
            name for name in there
            if name in ours and connection.scalar(select(exists().select_from(ours[name].table)))
        ]  # fmt: skip
    if strange:
        raise BadInput(
            f"The target holds tables of something else ({', '.join(strange[:5])}): name an empty database."
        )
    if full:
        raise BadInput(
            f"The target is not empty ({', '.join(full[:5])} have rows) and no move to it has begun:"
            " name an empty database."
        )
