"""Families text while everything breaks; each text is repeated until it is acknowledged.

A carrier repeats a webhook only as far as it is told to (with Twilio the fragment `#rc=…&rp=…` of its address,
five times at most), so a text can be lost on the way to a server that is away for long. That is not what is
tested here: what was acknowledged with 200 must never be lost, and so the sender repeats until it was.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.journeys.house import House, sid

BODIES = ("hello", "what time does school start", "thank you", "who are you and what can you do",
          "how much is lunch")  # fmt: skip
STOP = "STOP"
LANES = 16
PAUSE = 0.2
PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Text:
    """One text. `number` orders all of them, and those of a telephone among themselves."""

    number: int
    sender: str
    body: str

    @property
    def sid(self) -> str:
        """The carrier's id."""
        return sid(self.number)


def plan_texts(talkers: Sequence[str], stoppers: Sequence[str], each: int) -> Sequence[Text]:
    """What is written, telephones taking turns; those who stop do so somewhere in the middle."""
    rounds = [
        (line, BODIES[(n + turn) % len(BODIES)]) for turn in range(each) for n, line in enumerate(talkers)
    ]
    gap = max(1, len(rounds) // (len(stoppers) + 1))
    for number, line in enumerate(stoppers):
        rounds.insert(gap * (number + 1) + number, (line, STOP))
    return [Text(number + 1, line, body) for number, (line, body) in enumerate(rounds)]


class Families:
    """Sends the texts in the background: in order from each telephone, spread over the whole of the drill.

    `share` (0 to 1) is how far the drill has come, as whoever began it tells: of the texts no greater share
    has left, unless nothing has moved for `PATIENCE` seconds.
    """

    def __init__(self, house: House, texts: Sequence[Text]) -> None:
        self._house = house
        self._total = len(texts)
        self.share = 0.0
        self._lanes: list[list[Text]] = [[] for _ in range(LANES)]
        lane_of: dict[str, int] = {}
        for one in texts:
            self._lanes[lane_of.setdefault(one.sender, len(lane_of) % LANES)].append(one)
        self._threads = [
            threading.Thread(target=self._lane, args=(lane,), daemon=True) for lane in self._lanes
        ]
        self._counting = threading.Lock()
        self.repeated = 0

    def begin(self) -> None:
        """Start texting."""
        for thread in self._threads:
            thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until every text was acknowledged. False when it took too long."""
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _lane(self, texts: Sequence[Text]) -> None:
        for one in texts:
            self._await_turn(one)
            while self._house.text(one.sender, one.body, one.sid) != 200:
                with self._counting:
                    self.repeated += 1
                time.sleep(PAUSE)

    def _await_turn(self, one: Text) -> None:
        deadline = time.monotonic() + PATIENCE
        while one.number > self.share * self._total and time.monotonic() < deadline:
            time.sleep(PAUSE)
