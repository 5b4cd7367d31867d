"""Ready-made requests over a few connections, each repeated until it is acknowledged with a 2xx.

What `bench.load` does for a server that stays up; this one goes on where a server died and came back.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Sequence
from statistics import median

PAUSE = 0.2
"""Seconds between two knocks at a closed door."""
ANSWER = 15.0
"""Seconds after which an answer is not waited for any longer: as long as Twilio waits."""


class Lanes:
    """Sends in a thread of its own. Requests of a lane go one after another."""

    def __init__(self, port: int, requests: Sequence[str], lanes: int) -> None:
        self._port = port
        self._lanes = [[one.encode() for one in requests[n::lanes]] for n in range(lanes)]
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True)
        self._stopping = False
        self._by_second: Counter[int] = Counter()
        self.acknowledged = 0
        self.repeated = 0
        self.seconds = 0.0

    def begin(self) -> None:
        """Start sending."""
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until all were acknowledged. False when it took too long."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Send no more."""
        self._stopping = True
        if self._thread.is_alive():
            self._thread.join(ANSWER)

    def usual_rate(self) -> float:
        """Acknowledged requests a second: the median of the seconds in which the server answered at all."""
        return float(median(self._by_second.values())) if self._by_second else 0.0

    async def _all(self) -> None:
        began = time.monotonic()
        await asyncio.gather(*(self._lane(lane) for lane in self._lanes))
        self.seconds = time.monotonic() - began

    async def _lane(self, requests: Sequence[bytes]) -> None:
        left = list(reversed(requests))
        while left and not self._stopping:
            try:
                await self._talk(left)
            except (OSError, asyncio.IncompleteReadError, TimeoutError, ConnectionError):
                self.repeated += 1
                await asyncio.sleep(PAUSE)

    async def _talk(self, left: list[bytes]) -> None:
        """One connection, for as long as it holds."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            while left and not self._stopping:
                writer.write(left[-1])
                if not await asyncio.wait_for(_acknowledged(reader), ANSWER):
                    raise ConnectionError("refused")
                left.pop()
                self.acknowledged += 1
                self._by_second[int(time.monotonic())] += 1
        finally:
            writer.close()


async def _acknowledged(reader: asyncio.StreamReader) -> bool:
    """Read one answer; whether it was a success."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"content-length:" in head:
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
    return head[9:10] == b"2"
