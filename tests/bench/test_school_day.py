"""The simulated day: everybody is written to and answered, numbers keep their rate, the seed decides all."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from bench import simulate
from bench.school_day import Costs, Day, Shape, Simulation, district_sizes, percentile

DAY = Day("a test", ((1.0, 3600.0),), 3000.0, 7200.0, 0.008, 0.05)
FAST = Shape("fast", 2, 8, 100.0)


def test_everybody_is_written_to_and_every_text_is_answered() -> None:
    run = Simulation(FAST, DAY, 50_000).run()
    assert sum(count for _, count in run.bulk) == pytest.approx(50_000, abs=5)
    back = len(run.waits) / Costs().sends_a_text - DAY.texts * 50_000
    assert back == pytest.approx(0.05 * 50_000, rel=0.1)
    assert run.samples[-1].answers == 0 and run.samples[-1].bulk == 0


def test_a_broadcast_takes_as_long_as_the_number_allows() -> None:
    quiet = Day("quiet", ((1.0, 0.0),), 0.0, 0.0, 0.0, 0.0)
    run = Simulation(Shape("slow", 1, 8, 16.0), quiet, 10_000).run()
    assert percentile(run.bulk, 1.0) == pytest.approx(10_000 * Costs().segments / 16.0, rel=0.01)


def test_a_broadcast_takes_as_long_as_the_machines_allow() -> None:
    quiet = Day("quiet", ((1.0, 0.0),), 0.0, 0.0, 0.0, 0.0)
    run = Simulation(Shape("few", 1, 1, 1e6), quiet, 10_000).run()
    assert percentile(run.bulk, 1.0) == pytest.approx(10_000 * Costs().bulk, rel=0.01)


def test_answers_pass_the_broadcast_that_gives_way_to_them() -> None:
    slow = Shape("slow", 1, 16, 12.0)
    first, kept = (Simulation(shape, DAY, 50_000).run() for shape in (slow, Shape("kept", 1, 16, 12.0, 0.05)))
    waits = [percentile([(wait, 1) for wait in run.waits], 0.99) for run in (first, kept)]
    assert waits[0] < 5 < waits[1]
    assert percentile(first.bulk, 1.0) > 10_000 * Costs().segments / 12.0


def test_the_same_seed_gives_the_same_day_and_another_one_another() -> None:
    first, again, other = (Simulation(FAST, DAY, 20_000, seed).run() for seed in (1, 1, 2))
    assert (first.waits, first.bulk, first.samples) == (again.waits, again.bulk, again.samples)
    assert first.waits != other.waits


def test_districts_are_of_very_different_sizes_and_together_all_families() -> None:
    sizes = sorted(district_sizes(5_000_000, Random(1)), reverse=True)
    assert sum(sizes) == pytest.approx(5_000_000, abs=500)
    assert sum(sizes[: len(sizes) // 6]) == pytest.approx(2_500_000, rel=0.1)


def test_the_command_prints_a_table_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    simulate.main(["--guardians", "20000", "--processes", "1", "--pictures", str(tmp_path)])
    told = capsys.readouterr().out
    assert all(shape.name in told for shape in simulate.SHAPES) and "20,000 guardians, seed 1" in told
    assert (tmp_path / "broadcast.svg").read_text().startswith("<svg")
    assert (tmp_path / "answers.svg").read_text().count("<polyline") == 3
