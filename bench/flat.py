"""What a message costs with a thousand rows behind it and with a million: processor and wall time of each step.

Districts of all sizes stand side by side and take turns step by step, so that a busy moment hits all of them. The
processor time is this process's own and, on PostgreSQL, that of the backends that work for it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from statistics import median

from bench.figures import Figure, Target
from bench.flat_district import District, Spent
from bench.machine import wait_until_calm
from bench.standing import DATABASES, database_server
from bot import logs
from bot.charts import curves
from tests import postgres
from tests.journeys.house import ROOT

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 200
"""Times that each step is measured at each size, over all runs."""

WARM_UP = 10
TARGET = Target(1.5, at_least=False, of_ratio=True)
PICTURES = ROOT / "docs" / "pictures" / "flat"
Runs = Sequence[Sequence[Spent]]
"""What a step took: milliseconds of processor and wall, round by round, run by run."""


@dataclass
class Seen:
    """All that was measured on one kind of database."""

    kind: str
    took: dict[tuple[str, int], list[list[Spent]]] = field(default_factory=dict)

    @property
    def steps(self) -> Sequence[str]:
        """In the order in which they were measured."""
        return list(dict.fromkeys(step for step, _ in self.took))

    @property
    def sizes(self) -> Sequence[int]:
        """The smallest first."""
        return sorted({size for _, size in self.took})

    def begin_run(self) -> None:
        """What comes now is another run."""
        for runs in self.took.values():
            runs.append([])

    def note(self, step: str, size: int, spent: Spent) -> None:
        """One more round of the present run."""
        self.took.setdefault((step, size), [[]])[-1].append(spent)

    def middle(self, step: str, size: int) -> Spent:
        """The medians over all rounds of all runs."""
        every = [spent for run in self.took[step, size] for spent in run]
        return median(one[0] for one in every), median(one[1] for one in every)

    def growth(self, step: str, size: int, which: int = 0) -> float:
        """How many times what it costs with the fewest rows."""
        return self.middle(step, size)[which] / self.middle(step, self.sizes[0])[which]

    def by_run(self, step: str, size: int, which: int) -> tuple[float, ...]:
        """The median of each run."""
        return tuple(median(spent[which] for spent in run) for run in self.took[step, size] if run)


def measure(runs: int, patience: float, most: int = SIZES[-1]) -> list[Figure]:
    """Both databases, all sizes up to `most`; prints the table of all sizes and draws it."""
    logs.configure("WARNING")
    found = []
    for kind in DATABASES:
        with districts(kind, [size for size in SIZES if size <= most]) as standing:
            found.append(play(kind, standing, runs, patience))
    sys.stdout.write(table(found) + "\n\n")
    if most == SIZES[-1]:
        PICTURES.mkdir(parents=True, exist_ok=True)
        for one in found:
            (PICTURES / f"{one.kind.lower()}.svg").write_text(draw(one), encoding="utf-8")
    return [figure for one in found for figure in figures(one)]


@contextmanager
def districts(kind: str, sizes: Sequence[int]) -> Iterator[Mapping[int, District]]:
    """A district of each size on one kind of database."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(database_server(kind))
        made = {}
        for size in sizes:
            url = f"sqlite:///{folder}/{size}.db"
            if server is not None:
                url = stack.enter_context(postgres.fresh_database(server))
            made[size] = District(url, folder, size)
            stack.callback(made[size].close)
        yield made


def play(kind: str, standing: Mapping[int, District], runs: int, patience: float) -> Seen:
    """Round by round, step by step, each size in turn."""
    seen = Seen(kind)
    _round(standing, Seen(kind), WARM_UP)
    for _ in range(runs):
        wait_until_calm(patience)
        seen.begin_run()
        _round(standing, seen, ceil(ROUNDS / runs))
    return seen


def _round(standing: Mapping[int, District], seen: Seen, times: int) -> None:
    names = list(next(iter(standing.values())).steps())
    for _ in range(times):
        for district in standing.values():
            district.look_round()
        for name in names:
            for size, district in standing.items():
                seen.note(name, size, district.time(district.steps()[name]))


def figures(seen: Seen) -> list[Figure]:
    """The most rows beside the fewest. Only the processor's time has a target: the wall's is others' too."""
    few, many = seen.sizes[0], seen.sizes[-1]
    return [
        Figure(f"{step}, {seen.kind}, {many:,} rows: {what}", "ms", seen.by_run(step, many, which),
               f"with {few:,}", seen.by_run(step, few, which), target)
        for step in seen.steps
        for which, (what, target) in enumerate((("processor", TARGET), ("wall", None)))
    ]  # fmt: skip


def table(found: Sequence[Seen]) -> str:
    """Processor / wall milliseconds by size as a Markdown table, and how both grew."""
    sizes = found[0].sizes
    lines = [
        "| processor / wall, ms | " + " | ".join(f"{size:,} rows" for size in sizes) + " | grown |",
        "|---" * (len(sizes) + 2) + "|",
    ]
    for seen in found:
        for step in seen.steps:
            cells = ["{:.2f} / {:.2f}".format(*seen.middle(step, size)) for size in sizes]
            grown = " / ".join(f"{seen.growth(step, sizes[-1], which):.2f}" for which in (0, 1))
            lines.append(f"| {step}, {seen.kind} | {' | '.join(cells)} | {grown} |")
    return "\n".join(lines)


def draw(seen: Seen) -> str:
    """How the processor time of each step grows with the rows, as SVG."""
    lines = {
        f"{step} ({seen.middle(step, seen.sizes[0])[0]:.1f} ms)":
            [(float(size), seen.growth(step, size)) for size in seen.sizes]
        for step in seen.steps
    }  # fmt: skip
    title = f"Processor time a step on {seen.kind}, with {seen.sizes[0]:,} rows = 1"
    return curves(title, "deliveries in the database", "times", lines, by_tens=True)
