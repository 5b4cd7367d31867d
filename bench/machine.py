"""The machine: what it is, how busy others keep it, and what a process of ours takes of it."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Sequence
from pathlib import Path

CALM = 0.15
"""Share of all cores' time that others may use while a run begins."""


def describe() -> str:
    """Processor, cores, memory and Python in one line."""
    cpu = _first(Path("/proc/cpuinfo").read_text(), "model name")
    memory = int(_first(Path("/proc/meminfo").read_text(), "MemTotal").split()[0]) / 1024**2
    return f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GB, Linux {platform.release()}, Python {platform.python_version()}"


class Use:
    """How much of all cores' time is used, by everybody, from the beginning on."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Look from now on."""
        self._before = _jiffies()

    def share(self) -> float:
        """What was used so far, from 0 to 1."""
        return used_share(self._before, _jiffies())


def used_share(before: Sequence[int], after: Sequence[int]) -> float:
    """The share of time that was neither idle nor waiting for the disk, between two looks at /proc/stat.

    1 where no time passed between them.
    """
    spent = [b - a for a, b in zip(before, after, strict=True)]
    return 1 - (spent[3] + spent[4]) / max(sum(spent), 1)


def busy_share(seconds: float = 1.0) -> float:
    """The share of all cores' time that is used, looked at for so long."""
    use = Use()
    time.sleep(seconds)
    return use.share()


def wait_until_calm(most_seconds: float) -> float:
    """Wait until others leave the cores alone, but not for ever. How busy they were in the end."""
    deadline = time.monotonic() + most_seconds
    while (busy := busy_share()) > CALM and time.monotonic() < deadline:
        time.sleep(1.0)
    return busy


def memory_mb(process: int) -> dict[str, float]:
    """RSS (all pages), PSS (shared ones by share) and what is the process's alone, in MB (10^6 bytes)."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text()
    kilobytes = {name: int(_first(lines, name).split()[0]) for name in ("Rss", "Pss", "Private_Dirty")}
    return {name.lower(): value * 1024 / 1e6 for name, value in kilobytes.items()}


def cpu_seconds(process: int) -> float:
    """CPU time the process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def scheduled_seconds(process: int) -> float:
    """The same to the nanosecond, of a process's first thread, where the kernel keeps it; else as `cpu_seconds`."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        return cpu_seconds(process)


def _jiffies() -> list[int]:
    return [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]


def _first(text: str, name: str) -> str:
    return next(line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith(name))
