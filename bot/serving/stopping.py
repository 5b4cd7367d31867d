"""SIGTERM and Ctrl-C: the process is asked to end, and ends in order."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any


class Stop:
    """Whether we are to stop; told by a signal, or by a part that cannot go on."""

    def __init__(self) -> None:
        self._told = threading.Event()
        self._wake: Callable[[], object] = lambda: None

    @property
    def wanted(self) -> bool:
        """True from the first signal on."""
        return self._told.is_set()

    def wake(self, call: Callable[[], object]) -> None:
        """Have `call` end the wait of whoever does not look here by itself. It must be safe in a signal handler."""
        self._wake = call

    def tell(self) -> None:
        """Ask to stop."""
        self._told.set()
        self._wake()

    def wait(self) -> None:
        """Until we are to stop."""
        self._told.wait()

    def on_signals(self) -> None:
        """Obey SIGTERM and Ctrl-C from now on. Only in the main thread."""

        def obey(_signal: int, _frame: Any) -> None:
            self.tell()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, obey)
