"""Replies that pass a broadcast: what of a run is told."""

from __future__ import annotations

from bench import passing
from bench.passing import Passing


def test_replies_are_told_by_their_shares_and_the_longest_of_each_run() -> None:
    run = Passing([float(n) for n in range(1, 101)], 0.5, 30.0)
    p50, p90, p99, longest, used, left = passing.figures("here", [run, run])
    assert [figure.values for figure in (p50, p90, p99, longest)] == [
        (51.0, 51.0), (91.0, 91.0), (100.0, 100.0), (100.0, 100.0),
    ]  # fmt: skip
    assert p99.met and p50.target is None
    assert used.median == 50 and left.median == 30


def test_a_reply_that_takes_longer_than_a_second_misses_the_target() -> None:
    slow = Passing([*[100.0] * 59, 1_200.0], 1.0, 30.0)
    assert passing.figures("here", [slow])[2].met is False
