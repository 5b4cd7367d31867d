"""A PostgreSQL of our own, from the installed binaries: for trying the cluster, not for families' data."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.model.errors import HomelineError


class NoPostgres(HomelineError):
    """There is no PostgreSQL here, or it does not start."""


def find_binaries() -> Path | None:
    """The folder with initdb, pg_ctl and postgres; None where PostgreSQL is not installed."""
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).resolve().parent
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return candidates[0] if candidates else None


def unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the account to run it as, None when we are not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PATIENCE = "240"
"""Seconds that pg_ctl waits for a start or a stop: a busy disk has held one up for longer than its usual 60."""


@dataclass(frozen=True, slots=True)
class LocalPostgres:
    """One in `folder`, reached by this machine only and without a password. Made when it is not there yet.

    `settings` are PostgreSQL's own, by their names, beside those that it needs here.
    """

    folder: Path
    port: int
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        user = unprivileged()
        if user:
            shutil.chown(self.folder, user)
        if not (self.folder / "data" / "PG_VERSION").exists():
            careless = ["--no-sync"] if self.settings.get("fsync") == "off" else []
            self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", *careless)
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "''",
            "max_connections": "200",
            **self.settings,
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._run("pg_ctl", "-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def stop(self, *, at_once: bool = False) -> None:
        """Stop it; its data stays. `at_once`: without tidying up, as when it crashes."""
        self._run("pg_ctl", "-m", "immediate" if at_once else "fast", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        binaries = find_binaries()
        if binaries is None:
            raise NoPostgres("PostgreSQL is not installed here: install it, or set DATABASE_URL to one")
        done = subprocess.run(
            [binaries / program, "-D", self.folder / "data", *arguments],
            env=os.environ | {"PGCTLTIMEOUT": PATIENCE},
            user=unprivileged(), cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, start_new_session=True, check=False,
        )  # fmt: skip
        if done.returncode:
            reason = done.stderr.decode(errors="replace").strip()
            raise NoPostgres(f"{program} failed in {self.folder}: {reason or self._last_words()}")

    def _last_words(self) -> str:
        log = self.folder / "log"
        return log.read_text(errors="replace")[-500:] if log.exists() else "it says nothing"
