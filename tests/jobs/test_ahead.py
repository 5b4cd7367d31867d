"""Items are made one ahead, in order, in one thread; errors come and it ends where one would expect it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bot.jobs.ahead import Ahead


def test_the_next_item_is_made_once_the_caller_says_so_and_not_before() -> None:
    begun = {number: threading.Event() for number in range(3)}
    makers = set()

    def items() -> Iterator[int]:
        for number, event in begun.items():
            makers.add(threading.current_thread().name)
            event.set()
            yield number

    found = []
    with Ahead(items()) as pieces:
        for number in pieces:
            found.append(number)
            if number + 1 in begun:
                assert not begun[number + 1].is_set()
                pieces.go_on()
                pieces.go_on()
                assert begun[number + 1].wait(10)
    assert found == [0, 1, 2]
    assert len(makers) == 1 and threading.current_thread().name not in makers


def test_an_error_comes_where_its_item_would_have() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    with Ahead(items()) as pieces:
        found = iter(pieces)
        assert next(found) == 1
        pieces.go_on()
        with pytest.raises(ValueError, match="no more"):
            next(found)


def test_left_early_nothing_more_is_made_and_the_thread_ends() -> None:
    made = []

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    with Ahead(items()) as pieces:
        assert next(iter(pieces)) == 0
        pieces.go_on()
    assert made == [0, 1]
    assert not [one for one in threading.enumerate() if one.name.startswith("ahead")]


def test_none_and_nothing_are_items_like_others() -> None:
    for given in ([None, 0, "", None], []):
        with Ahead(iter(given)) as pieces:
            assert list(pieces) == given
