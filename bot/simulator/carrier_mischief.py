"""What goes wrong on purpose at the development carrier, and the dice that choose the texts it happens to."""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mischief:
    """What goes wrong on purpose, as shares from 0 to 1 of the texts handed over.

    `taken_5xx`, `hang` and `drop` take the text and then answer with an error, late or never; the refusals do
    not take it. `list_lag_seconds` is how long a text is missing from the carrier's list.
    """

    latency_seconds: float = 0.0
    refuse_5xx: float = 0.0
    refuse_429: float = 0.0
    hang: float = 0.0
    drop: float = 0.0
    hang_seconds: float = 30.0
    taken_5xx: float = 0.0
    list_lag_seconds: float = 0.0


class Dice:
    """Chooses what goes wrong. With a seed the n-th try of a text to a telephone always meets the same, in
    whatever order the texts come. Safe in several threads."""

    def __init__(self, mischief: Mischief, seed: int | None) -> None:
        self._shares = (
            ("5xx", mischief.refuse_5xx),
            ("5xx after taking", mischief.taken_5xx),
            ("429", mischief.refuse_429),
            ("hang", mischief.hang),
            ("drop", mischief.drop),
        )
        self._seed = seed
        self._free = random.Random()
        self._tries: Counter[str] = Counter()
        self._rolling = threading.Lock()

    def roll(self, recipient: str = "") -> str | None:
        """What goes wrong with this try: "5xx", "5xx after taking", "429", "hang", "drop" or nothing."""
        rolled = self._roll(recipient)
        for name, share in self._shares:
            if rolled < share:
                return name
            rolled -= share
        return None

    def _roll(self, recipient: str) -> float:
        with self._rolling:
            if self._seed is None:
                return self._free.random()
            self._tries[recipient] += 1
            return random.Random(f"{self._seed}:{recipient}:{self._tries[recipient]}").random()
