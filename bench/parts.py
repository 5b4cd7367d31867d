"""Where a text's time goes inside the product, in this process: the stages of one turn, one text after another.

Wraps the product's own parts with stop-watches; no stage is written anew here.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import event

from bench.figures import Figure
from bench.machine import wait_until_calm
from bench.texts import Text, singles
from bot.app import Homeline
from bot.environment import load_settings
from bot.inbox.landing import land
from bot.model.messages import InboundMessage
from bot.serving import prepare
from bot.storage.session import Database
from tests.journeys.house import SCHOOL, House

TEXTS = 60
STAGES = ("land", "claim", "understand", "converse", "commit")
"""What is timed of one text. `commit`: the turn's last transaction without conversing: begin, finish, commit."""


class Stopwatch:
    """Milliseconds and SQL statements by stage, of one text at a time."""

    def __init__(self) -> None:
        self.taken: dict[str, list[tuple[float, int]]] = {stage: [] for stage in STAGES}
        self._statements = 0

    def count(self, *_: object) -> None:
        """One more statement."""
        self._statements += 1

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        began, before = time.perf_counter(), self._statements
        yield
        self.taken[name].append(((time.perf_counter() - began) * 1000, self._statements - before))


class Timed:
    """Any part, one method of which is timed as a stage."""

    def __init__(self, part: Any, method: str, watch: Stopwatch, stage: str) -> None:
        self._part, self._watch, self._stage = part, watch, stage
        self.__dict__[method] = self._timed(getattr(part, method))

    def _timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **more: Any) -> Any:
            with self._watch.stage(self._stage):
                return call(*args, **more)

        return timed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._part, name)


class TimedDatabase:
    """The database of a journey: its first transaction is the claim, its second the turn itself."""

    def __init__(self, database: Database, watch: Stopwatch) -> None:
        self._database, self._watch, self._calls = database, watch, 0

    @contextmanager
    def write(self, **more: Any) -> Iterator[Any]:
        """Timed as claim, then as commit."""
        self._calls += 1
        with (
            self._watch.stage("claim" if self._calls % 2 else "commit"),
            self._database.write(**more) as session,
        ):
            yield session


def measure(runs: int, patience: float) -> list[Figure]:
    """Medians over the texts of each run; only the time, on a new database each run."""
    seen = []
    for number in range(runs):
        wait_until_calm(patience)
        seen.append(_once(number))
    figures = [Figure(f"part: {stage}", "ms", tuple(run[stage][0] for run in seen)) for stage in STAGES]
    counts = Figure("SQL statements a text", "", tuple(sum(run[s][1] for s in STAGES) for run in seen))
    return [*figures, counts]


def _once(seed: int) -> dict[str, tuple[float, float]]:
    with tempfile.TemporaryDirectory() as folder:
        home = _home(folder)
        watch = Stopwatch()
        for text_number, text in enumerate(singles(TEXTS, seed)):
            _text(home, watch, text, text_number)
            if text_number == 4:  # warm: statements compiled, library loaded
                watch.taken = {stage: [] for stage in STAGES}
        home.close()
    return {stage: _stage(watch, stage) for stage in STAGES}


def _stage(watch: Stopwatch, stage: str) -> tuple[float, float]:
    taken = watch.taken[stage]
    if stage == "commit":  # it was timed with conversing inside it
        inside = watch.taken["converse"]
        taken = [(a - b, n - m) for (a, n), (b, m) in zip(taken, inside, strict=True)]
    return median(ms for ms, _ in taken), sum(count for _, count in taken) / len(taken)


def _home(folder: str) -> Homeline:
    house = House(Path(folder), f"sqlite:///{folder}/homeline.db")
    home = Homeline(load_settings(house.environment()))
    prepare(home)
    home.indexing.index()
    return home


def _text(home: Homeline, watch: Stopwatch, text: Text, number: int) -> None:
    if number == 0:
        event.listen(home.database.engine, "before_cursor_execute", watch.count)
    # They stand in for what they time.
    timed: dict[str, Any] = {
        "database": TimedDatabase(home.database, watch),
        "understander": Timed(home.understander, "understand", watch, "understand"),
        "conversing": Timed(home.conversing, "converse", watch, "converse"),
    }
    journey = replace(home.journey, **timed)
    message = InboundMessage("sms", f"SM{number:032x}", text.sender, SCHOOL, text.body, home.clock.now())
    with watch.stage("land"), home.database.write() as session:
        turn_id = land(session, message, home.queue)
    assert turn_id is not None
    journey.take_turn(turn_id)
