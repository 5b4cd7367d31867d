"""What comes next is made ready while the caller is still at work with what came before."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

Item = TypeVar("Item")
_NONE: Final = object()


def ahead(items: Iterator[Item]) -> Generator[Item]:
    """The same items in the same order, each made in one thread of their own, one ahead of the caller.

    Python waits for the database without its lock: making the next rows costs no time then. An error comes where
    its item would have come. Closed early, it waits for the item under way and makes no more.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as thread:
        following = thread.submit(next, items, _NONE)
        while (item := following.result()) is not _NONE:
            following = thread.submit(next, items, _NONE)
            yield item  # type: ignore[misc]
