"""Begin the embedding of one text before it is asked for: while its row goes to the disk and its turn is claimed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


class Ahead:
    """`ask`, of which one call at a time may be begun ahead of time, in a thread of its own.

    Whoever asks for that very text meanwhile waits for it instead of doing it a second time. While one is being
    done no other is begun: a machine that has enough to do gains nothing from working ahead.
    """

    def __init__(self, ask: Callable[[str], Any]) -> None:
        self._ask = ask
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self._begun: tuple[str, Future[Any]] | None = None

    def begin(self, text: str) -> None:
        """Begin with this text, if nothing is being done. Two threads that call at once queue one after the other."""
        if self._begun is None or self._begun[1].done():
            self._begun = text, self._thread.submit(self._ask, text)

    def __call__(self, text: str) -> Any:
        """What `ask` says of the text."""
        begun = self._begun
        return begun[1].result() if begun is not None and begun[0] == text else self._ask(text)
