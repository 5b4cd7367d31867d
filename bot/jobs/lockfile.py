"""One embedded process per database: a lock that dies with its holder, even by kill -9."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from bot.model.errors import HomelineError


class AlreadyRunning(HomelineError):
    """Another process serves this SQLite database."""


def hold(path: Path) -> IO[str]:
    """Take the lock and write our process id into it; keep the returned file open as long as the lock is wanted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise AlreadyRunning(
            f"Homeline already runs on this database (process {holder}, lock {path}). Stop it first, or use PostgreSQL."
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
