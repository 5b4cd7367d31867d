"""A copy of an SQLite database that is in use, whole and checked."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.model.errors import BadInput

PAGES = 2000
"""Pages copied at a time; between two helpings a writer gets his turn."""


def back_up(source: Path, target: Path) -> int:
    """Copy one database; its size in bytes. A file that stands at the target already is not touched.

    The copy gets its name only once it is complete, checked, and on the disk. BadInput names what is wrong.
    """
    if not source.exists():
        raise BadInput(f"There is no database {source}.")
    if target.exists():
        raise BadInput(f"{target} is there already: name another file.")
    if not target.parent.is_dir():
        raise BadInput(f"There is no folder {target.parent}.")
    half = target.with_name(f"{target.name}.half")
    half.unlink(missing_ok=True)
    try:
        _copy(source, half)
        _sync(half)
        half.rename(target)
        _sync(target.parent)
    except sqlite3.Error as error:
        raise BadInput(f"The copy did not succeed: {error}") from error
    finally:
        half.unlink(missing_ok=True)
    return target.stat().st_size


def _copy(source: Path, half: Path) -> None:
    # A read transaction holds the copy at one state: without it every write begins the copy anew.
    with closing(sqlite3.connect(source, timeout=30)) as ours, closing(sqlite3.connect(half)) as theirs:
        os.chmod(half, 0o600)
        ours.execute("BEGIN")
        ours.execute("SELECT count(*) FROM sqlite_master").fetchone()
        ours.backup(theirs, pages=PAGES)
        theirs.execute("PRAGMA journal_mode=DELETE")
        (verdict,) = theirs.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise BadInput(f"The copy is damaged, so it was thrown away: {verdict}")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
