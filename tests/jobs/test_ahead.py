"""Items are made one ahead, in order, in one thread; errors and an early end are in place."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bot.jobs.ahead import ahead


def test_the_next_item_is_made_while_the_caller_has_the_one_before() -> None:
    begun = {number: threading.Event() for number in range(3)}
    makers = set()

    def items() -> Iterator[int]:
        for number, event in begun.items():
            makers.add(threading.current_thread().name)
            event.set()
            yield number

    found = []
    for number in ahead(items()):
        found.append(number)
        if number + 1 in begun:
            assert begun[number + 1].wait(10)
    assert found == [0, 1, 2]
    assert len(makers) == 1 and threading.current_thread().name not in makers


def test_an_error_comes_where_its_item_would_have() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    found = ahead(items())
    assert next(found) == 1
    with pytest.raises(ValueError, match="no more"):
        next(found)


def test_closed_early_nothing_more_is_made_and_the_thread_ends() -> None:
    made = []

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    found = ahead(items())
    assert next(found) == 0
    found.close()
    assert made in ([0], [0, 1])
    assert not [one for one in threading.enumerate() if one.name.startswith("ahead")]


def test_none_and_nothing_are_items_like_others() -> None:
    assert list(ahead(iter([None, 0, "", None]))) == [None, 0, "", None]
    assert list(ahead(iter([]))) == []
