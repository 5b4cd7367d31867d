"""The two ways to run the product, as the drill sees them: what is started, and what can be struck."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from tests.journeys.house import House

SETTINGS = {
    "QUIET_HOURS": "00:00-00:00",
    "BROADCAST_UNDO_SECONDS": "10",
    "BROADCAST_APPROVAL_ABOVE": "0",
    "HOMELINE_LEASE_SECONDS": "20",
    "HOMELINE_RECONCILE_AFTER_SECONDS": "2",
    "HOMELINE_SEND_WORKERS": "48",
    "HOMELINE_LOG_LEVEL": "WARNING",
}
"""A lease that outlasts the time-outs (3 + 10 s), a lag that outlasts the carrier's, and no night."""

KILLED_AT_START = 0.2
"""The share of kills that are followed by another one while the new process is only starting."""


class Mode(Protocol):
    """One way to run the product."""

    name: str
    house: House
    others: list[str]
    """What else was done than killing, in words."""

    def start(self) -> None:
        """Start everything and wait until it answers."""

    def strike(self, dice: random.Random) -> Sequence[str]:
        """Do harm once, and see to it that what died is started again. What was done, a word a kill."""

    def strike_web(self, dice: random.Random) -> Sequence[str]:
        """The same to a process that answers webhooks."""

    def ended_by_themselves(self) -> Sequence[str]:
        """Processes that ended without having been killed."""

    def stop(self) -> None:
        """End everything that was started."""


class Embedded:
    """One process, SQLite."""

    name = "embedded"

    def __init__(self, folder: Path, carrier_options: tuple[str, ...]) -> None:
        url = f"sqlite:///{folder}/homeline.db"
        self.house = House(folder, url, extra=SETTINGS, carrier_options=carrier_options)
        self.others: list[str] = []
        self._fell: list[str] = []

    def start(self) -> None:
        """Start the product."""
        self.house.start_product()

    def strike(self, dice: random.Random) -> Sequence[str]:
        """kill -9, and again at once now and then, in the middle of starting."""
        done = ["process"]
        self._kill()
        if dice.random() < KILLED_AT_START:
            self.house.start_product(ready=False)
            time.sleep(dice.uniform(0.3, 2.0))
            self._kill()
            done.append("process while starting")
        self.house.start_product(ready=True)
        return done

    strike_web = strike

    def ended_by_themselves(self) -> Sequence[str]:
        """The process, each time it was found dead before it was killed."""
        running = self.house.product is not None and self.house.product.poll() is None
        return self._fell if running else [*self._fell, "process"]

    def stop(self) -> None:
        """End product and carrier."""
        self.house.stop()

    def _kill(self) -> None:
        if self.house.product is not None and self.house.product.poll() is not None:
            self._fell.append("process")
        self.house.kill_product()
