"""What goes first in a process keeps broadcasts aside, and not for ever."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.outbox.precedence import Precedence


def test_others_stand_aside_until_the_last_job_that_goes_first_has_ended() -> None:
    precedence, ends = Precedence(aside=30), [threading.Event(), threading.Event()]
    job = precedence.first(lambda number: ends[number].wait(30) and None)
    with ThreadPoolExecutor(3) as threads:
        going = [threads.submit(job, number) for number in range(2)]
        while not all(one.running() for one in going):
            time.sleep(0.001)
        aside = threads.submit(precedence.stand_aside)
        ends[0].set()
        going[0].result(30)
        assert not aside.done()
        ends[1].set()
        aside.result(30)


def test_nobody_stands_aside_for_nothing_and_nobody_for_long() -> None:
    precedence = Precedence(aside=0.05)
    began = time.monotonic()
    precedence.first(lambda _: precedence.stand_aside())(1)  # it ends although this very job goes first
    assert time.monotonic() - began >= 0.05
    quiet = Precedence(aside=3600)
    quiet.stand_aside()


def test_a_job_that_fails_does_not_go_first_for_ever_and_its_answer_comes_back() -> None:
    precedence = Precedence(aside=3600)

    def fail(_: int) -> int | None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        precedence.first(fail)(1)
    precedence.stand_aside()
    assert precedence.first(lambda row: row + 1)(1) == 2
