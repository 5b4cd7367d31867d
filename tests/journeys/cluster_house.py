"""The product as many processes on PostgreSQL, with a carrier beside them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg

from tests.journeys.house import ROOT, House


@dataclass
class ClusterHouse(House):
    """Processes by role, each with a log of its own: `<role>-<number>.log`."""

    processes: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)

    def start(self, *roles: str) -> list[subprocess.Popen[bytes]]:
        """Start so many processes, and do not wait for them."""
        begun = []
        for role in roles:
            log = (self.folder / f"{role}-{len(self.processes)}.log").open("ab")
            begun.append(
                subprocess.Popen(
                    [sys.executable, "server.py"], cwd=ROOT, env=self.environment() | {"HOMELINE_ROLE": role},
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                )
            )  # fmt: skip
            self.processes.append((role, begun[-1]))
        return begun

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """What the database says."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(sql).fetchall()

    def stop(self) -> None:
        """End all."""
        for _, process in self.processes:
            if process.poll() is None:
                process.terminate()
        for _, process in self.processes:
            try:
                process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        super().stop()


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9, in the middle of whatever it does."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def wait_until(seen: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Look again and again. False when it never was so."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if seen():
            return True
        time.sleep(0.05)
    return False
