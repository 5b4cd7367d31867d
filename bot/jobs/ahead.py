"""What comes next is made ready while the caller waits for the database with what came before."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final, Generic, Self, TypeVar

Item = TypeVar("Item")
_NONE: Final = object()


class Ahead(Generic[Item]):
    """The same items in the same order, each made in one thread of their own, one ahead of the caller at most.

    Python waits for the database without its lock: what is made meanwhile costs no time. So the caller says when it
    is about to wait (`go_on`). Made while the caller has small things to do, the next item would hold the lock each
    time one of them is done: a tenth of the time of a large broadcast.

    An error comes where its item would have come. Left early, it waits for the item under way and makes no more.
    """

    def __init__(self, items: Iterator[Item]) -> None:
        self._items = items
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self._following: Future[Item | object] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()

    def __iter__(self) -> Iterator[Item]:
        while (item := self._next()) is not _NONE:
            yield item  # type: ignore[misc]

    def go_on(self) -> None:
        """Make the next item now, unless it is being made."""
        if self._following is None:
            self._following = self._thread.submit(next, self._items, _NONE)

    def _next(self) -> Item | object:
        self.go_on()
        following, self._following = self._following, None
        assert following is not None
        return following.result()
