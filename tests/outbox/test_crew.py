"""A crew works on what it is given; nothing it was given is waited for twice or forgotten."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from queue import SimpleQueue

import pytest

from bot.outbox.crew import Crew


def test_what_was_made_is_collected_in_helpings() -> None:
    with Crew[int, int](2, lambda number: number * number) as crew:
        for number in range(5):
            crew.add(number)
        first = crew.collect(3, 10, 10)
        assert (len(first), crew.in_hand) == (3, 2)
        assert sorted(first + crew.collect(3, 10, 10)) == [0, 1, 4, 9, 16]
        assert crew.in_hand == 0


def test_a_helping_does_not_wait_for_what_takes_long() -> None:
    gate = threading.Event()
    with Crew[int, int](2, lambda number: number if number else int(gate.wait(10))) as crew:
        crew.add(0)
        crew.add(7)
        assert crew.collect(2, 0.01, 10) == [7]
        gate.set()
        assert crew.collect(2, 10, 10) == [1]


def test_with_nothing_in_hand_there_is_nothing_to_wait_for() -> None:
    with Crew[int, int](1, abs) as crew:
        assert crew.collect(8, 10, 10) == []


def test_an_error_of_the_work_comes_to_who_collects_and_the_rest_is_dropped() -> None:
    done: list[int] = []

    def work(number: int) -> None:
        if number == 1:
            raise ValueError
        done.append(number)

    with pytest.raises(ValueError), Crew[int, None](1, work) as crew:
        for number in range(4):
            crew.add(number)
        while crew.in_hand:
            crew.collect(1, 10, 10)
    assert done[0] == 0
    assert crew.in_hand > 0


def test_who_waits_for_something_slow_gets_nothing_after_a_while() -> None:
    gate = threading.Event()
    with Crew[int, bool](1, lambda _: gate.wait(10)) as crew:
        crew.add(0)
        assert crew.collect(1, 10, 0.01) == []
        assert crew.in_hand == 1
        gate.set()
        assert crew.collect(1, 10, 10) == [True]


def test_what_is_still_at_work_when_one_leaves_comes_late_and_whole() -> None:
    gate, late = threading.Event(), SimpleQueue[Future[int]]()
    with Crew[int, int](1, lambda number: number if number else int(gate.wait(10))) as crew:
        for number in (5, 0, 7):
            crew.add(number)
        assert crew.collect(1, 0, 10) == [5]
        crew.leave(late.put)
    assert late.empty()
    gate.set()
    assert [late.get(timeout=10).result() for _ in range(2)] == [1, 7]
