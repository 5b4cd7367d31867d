"""Two workers beside one: the rate that counts, how the machine was used, and what was the limit."""

from __future__ import annotations

import pytest

from bench import workers
from bench.figures import Target
from bench.machine import used_share
from bench.workers import Run


def test_the_rate_is_that_of_the_middle_in_which_everybody_works() -> None:
    steady = [100.0 + n / 20 for n in range(80)]
    slow_start, slow_end = [50.0 + n for n in range(10)], [200.0 + n for n in range(10)]
    assert workers.middle_rate([*slow_end, *slow_start, *steady]) == pytest.approx(20.0)


def test_a_handful_of_texts_has_no_rate() -> None:
    with pytest.raises(ValueError, match="9 moments"):
        workers.middle_rate([float(n) for n in range(9)])


def test_used_is_what_was_neither_idle_nor_waiting_for_the_disk() -> None:
    before = (100, 0, 50, 1_000, 10, 0, 0, 0)
    after = (160, 0, 70, 1_100, 30, 0, 0, 0)  # 80 of 200 worked
    assert used_share(before, after) == pytest.approx(0.4)


def test_the_processor_was_the_limit_where_the_cores_were_full() -> None:
    assert workers.limit([Run(10, 0.95), Run(10, 0.99), Run(10, 0.2)]) == "the processor"
    assert workers.limit([Run(10, 0.95), Run(10, 0.3), Run(10, 0.2)]) == "waiting"


def test_two_workers_stand_beside_one_of_the_same_run() -> None:
    one, two = [Run(20, 0.3), Run(10, 0.3)], [Run(38, 0.6), Run(20, 0.6)]
    rate, *use = workers.figures("sends", one, two, Target(1.7, at_least=True, of_ratio=True))
    assert rate.ratio == pytest.approx(1.95) and rate.met
    assert [figure.median for figure in use] == [pytest.approx(30), pytest.approx(60)]
    assert [figure.name for figure in use] == [
        "… processor used with one worker; limit: waiting",
        "… processor used with two workers; limit: waiting",
    ]
