"""Processes that die are started again; one that cannot start stops all; the end is in order."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bot.supervision.processes import CANNOT_START, Child, Supervisor


def _child(name: str, program: str, **more: bool) -> Child:
    return Child(name, [sys.executable, "-c", program], {}, pause=0.01, **more)


LIVES = (
    "import signal, sys; signal.signal(15, lambda *_: sys.exit(0)); print('up', flush=True); signal.pause()"
)


def _wait_for_word(log: Path) -> None:
    until = time.monotonic() + 30
    while not (log.exists() and "up" in log.read_text()):
        assert time.monotonic() < until


def test_a_process_that_dies_is_started_again(tmp_path: Path) -> None:
    told: list[str] = []
    child = _child("web-1", LIVES)
    supervisor = Supervisor([child], tmp_path, told.append)
    supervisor.start()
    first = child.process
    assert first is not None
    first.kill()
    first.wait()
    while child.process in (first, None):
        assert supervisor.look() is None
    _wait_for_word(tmp_path / "web-1.log")
    assert supervisor.stop() is True
    assert "web-1 ended with -9" in told[1]


def test_one_that_keeps_dying_is_started_less_and_less_often(tmp_path: Path) -> None:
    child = _child("web-1", "raise SystemExit(1)")
    supervisor = Supervisor([child], tmp_path, lambda _line: None)
    pauses = [child.pause]
    supervisor.start()
    while len(pauses) < 4:
        supervisor.look()
        if child.pause != pauses[-1]:
            pauses.append(child.pause)
    assert pauses == sorted(pauses)
    supervisor.stop()


def test_one_whose_settings_are_wrong_stops_all_and_shows_its_last_words(tmp_path: Path) -> None:
    told: list[str] = []
    child = _child("web-1", "print('SECRET_KEY: missing'); raise SystemExit(2)")
    supervisor = Supervisor([child], tmp_path, told.append)
    supervisor.start()
    status = None
    while status is None:
        status = supervisor.look()
    assert status == CANNOT_START
    assert "SECRET_KEY: missing" in told[-1]


def test_what_the_others_need_ends_last(tmp_path: Path) -> None:
    carrier, web = _child("carrier", LIVES, outlives=True), _child("web-1", LIVES)
    supervisor = Supervisor([carrier, web], tmp_path, lambda _line: None)
    ended: list[str] = []
    gone = supervisor._gone
    supervisor._gone = lambda child, until: (ended.append(child.name), gone(child, until))[1]  # type: ignore[method-assign]
    supervisor.start()
    for child in (carrier, web):
        _wait_for_word(tmp_path / f"{child.name}.log")
    assert supervisor.stop() is True
    assert ended == ["web-1", "carrier"]
