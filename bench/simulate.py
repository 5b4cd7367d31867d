"""`make simulate`: how long answers and broadcasts wait when five million guardians write, on paper.

Prints a table, draws `docs/pictures/scale/`. The same seed gives the same figures.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.school_day import Day, Sample, Shape, Simulation, percentile
from bot.charts import curves

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "scale"
HOUR = 3600.0

SNOW = Day(
    "snow day: all districts at once, at 5:30", ((1.0, 5.5 * HOUR),), 5.25 * HOUR, 8 * HOUR, 0.004, 0.08
)
MORNING = Day(
    "a morning: each district at 7:30 of its own zone",
    # Pacific time; shares of the people of the United States by zone, rounded
    ((0.48, 4.5 * HOUR), (0.29, 5.5 * HOUR), (0.06, 6.5 * HOUR), (0.17, 7.5 * HOUR)),
    4 * HOUR, 9 * HOUR, 0.012, 0.02,
)  # fmt: skip

SHAPES = (
    Shape("1 cluster × 24 processes, 12 segments/s", 1, 24, 12),
    Shape("1 cluster × 24 processes, 75 segments/s", 1, 24, 75),
    Shape("1 cluster × 64 processes, 75 segments/s", 1, 64, 75),
    Shape("10 clusters × 24 processes, 75 segments/s", 10, 24, 75),
    Shape("10 clusters × 24 processes, 225 segments/s", 10, 24, 225),
)
FIXED = Shape("10 clusters × 24, 75/s, 10 % kept for answers", 10, 24, 75, reserved=0.1)
RUNS = (*((SNOW, shape) for shape in (*SHAPES, FIXED)), (MORNING, SHAPES[1]), (MORNING, SHAPES[3]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run. Waits in seconds: answers from the family's text to the carrier, broadcasts from their time."""

    day: Day
    shape: Shape
    answers: int
    answer_waits: tuple[float, float, float]
    bulk_waits: tuple[float, float, float]
    longest_queue: int
    busiest: float
    samples: tuple[Sample, ...]


def main(words: Sequence[str] | None = None) -> None:
    """Run every day under its shapes."""
    parser = argparse.ArgumentParser(prog="python -m bench.simulate", description=__doc__)
    parser.add_argument("--guardians", type=int, default=5_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pictures", type=Path, default=PICTURES)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args(words)
    days, shapes = zip(*RUNS, strict=True)
    sizes, seeds = [given.guardians] * len(RUNS), [given.seed] * len(RUNS)
    if given.processes == 1:
        found = list(map(play, days, shapes, sizes, seeds))
    else:
        with ProcessPoolExecutor(given.processes) as pool:
            found = list(pool.map(play, days, shapes, sizes, seeds))
    sys.stdout.write(f"{given.guardians:,} guardians, seed {given.seed}\n\n{table(found)}\n")
    given.pictures.mkdir(parents=True, exist_ok=True)
    for name, picture in draw(found).items():
        (given.pictures / name).write_text(picture, encoding="utf-8")


def play(day: Day, shape: Shape, guardians: int, seed: int) -> Outcome:
    """One day under one shape."""
    gc.disable()  # nothing here refers to itself, and looking for that takes longer than the day
    run = Simulation(shape, day, guardians, seed).run()
    gc.enable()
    answers = [(wait, 1) for wait in run.waits]
    return Outcome(
        day, shape, len(answers), _three(answers), _three(run.bulk),
        max(sample.answers for sample in run.samples), _busiest(run.samples), tuple(run.samples[::4]),
    )  # fmt: skip


def table(found: Sequence[Outcome]) -> str:
    """All runs as a Markdown table."""
    lines = []
    for day in dict.fromkeys(one.day for one in found):
        lines += [
            f"**{day.name}**", "",
            "| shape | answers wait p50 / p99 / longest | most answers in hand | broadcast out p50 / p99 / last | busiest minute, sends/s |",
            "|---|---|---|---|---|",
        ]  # fmt: skip
        for one in (one for one in found if one.day is day or one.day == day):
            waits = " / ".join(_seconds(wait) for wait in one.answer_waits)
            bulk = " / ".join(_seconds(wait) for wait in one.bulk_waits)
            lines.append(
                f"| {one.shape.name} | {waits} | {one.longest_queue:,} | {bulk} | {one.busiest:,.0f} |"
            )
        lines.append("")
    return "\n".join(lines)


def draw(found: Sequence[Outcome]) -> dict[str, str]:
    """The queues of the snow day over time, file name → SVG."""
    snow = [one for one in found if one.day == SNOW]
    start = SNOW.waves[0][0]
    bulk = {one.shape.name: [((s.at - start) / 60, float(s.bulk)) for s in one.samples if 0 <= s.at - start <= 7200]
            for one in snow if one.shape.reserved is None}  # fmt: skip
    answers = {one.shape.name: [((s.at - start) / 60, float(s.answers)) for s in one.samples if 0 <= s.at - start <= 7200]
               for one in snow if one.shape in (SHAPES[1], SHAPES[3], FIXED)}  # fmt: skip
    return {
        "broadcast.svg": curves(
            "Texts of the broadcast not out yet", "minutes after the broadcast", "texts", bulk
        ),
        "answers.svg": curves(
            "Texts and answers in hand", "minutes after the broadcast", "texts and answers", answers
        ),
    }


def _three(weighted: Sequence[tuple[float, int]]) -> tuple[float, float, float]:
    return percentile(weighted, 0.5), percentile(weighted, 0.99), percentile(weighted, 1.0)


def _busiest(samples: Sequence[Sample]) -> float:
    """Texts of broadcasts a second in the minute with the most of them."""
    pairs = zip(samples, samples[4:], strict=False)
    return max(((a.bulk - b.bulk) / (b.at - a.at) for a, b in pairs), default=0.0)


def _seconds(value: float) -> str:
    if value < 10:
        return f"{value:.2f} s"
    return f"{value:.0f} s" if value < 120 else f"{value / 60:.0f} min"


if __name__ == "__main__":
    main()
