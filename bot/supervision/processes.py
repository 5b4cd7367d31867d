"""Starts processes, starts again those that end, and ends all in order."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import ROOT

CANNOT_START = 2
"""What a process of ours says when its settings are wrong: starting it again would not help."""

PATIENCE_SECONDS = 45.0
"""How long processes may take to end in order."""

LONGEST_PAUSE = 5.0
"""Seconds between two starts of a process that keeps dying."""


@dataclass
class Child:
    """One process to keep running; `outlives` the others when all end, because they need it to the last."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    outlives: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.5
    again_at: float = field(default=0.0)


class Supervisor:
    """Keeps its children running, each with a log of its own in `logs`."""

    def __init__(self, children: Sequence[Child], logs: Path, tell: Callable[[str], None]) -> None:
        self._children, self._logs, self._tell = list(children), logs, tell
        logs.mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        """Start all."""
        for child in self._children:
            self._start(child)

    def look(self) -> int | None:
        """Start again what has ended. 2 when one cannot start at all: then all should stop."""
        for child in self._children:
            if child.process is None:
                if time.monotonic() >= child.again_at:
                    self._start(child)
            elif (status := child.process.poll()) is not None:
                if status == CANNOT_START:
                    self._tell(f"{child.name} cannot start:\n{self._last_words(child)}")
                    return CANNOT_START
                self._plan_again(child, status)
        return None

    def stop(self) -> bool:
        """Ask all to end and wait, for those last that the others need. False when one had to be killed."""
        groups = [[c for c in self._children if c.outlives is last] for last in (False, True)]
        return all([self._end(group) for group in groups])

    def _end(self, children: Sequence[Child]) -> bool:
        for child in children:
            if child.process is not None:
                child.process.terminate()
        until = time.monotonic() + PATIENCE_SECONDS
        return all([self._gone(child, until) for child in children])

    def _start(self, child: Child) -> None:
        with self._log(child).open("ab") as log:
            child.process = subprocess.Popen(
                child.command, cwd=ROOT, env=dict(child.environment), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        child.started = time.monotonic()
        self._tell(f"{child.name} started, process {child.process.pid}")

    def _plan_again(self, child: Child, status: int) -> None:
        lived = time.monotonic() - child.started
        child.pause = 0.5 if lived > 30 else min(child.pause * 2, LONGEST_PAUSE)
        child.process, child.again_at = None, time.monotonic() + child.pause
        self._tell(f"{child.name} ended with {status}; it starts again in {child.pause:.1f} s")

    def _gone(self, child: Child, until: float) -> bool:
        if child.process is None:
            return True
        try:
            child.process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._tell(f"{child.name} does not end and is killed")
            child.process.kill()
            child.process.wait()
            return False
        return True

    def _log(self, child: Child) -> Path:
        return self._logs / f"{child.name}.log"

    def _last_words(self, child: Child) -> str:
        return self._log(child).read_text(errors="replace")[-1500:].strip()


def to_standard_error(line: str) -> None:
    """Tell the person at the keyboard."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
