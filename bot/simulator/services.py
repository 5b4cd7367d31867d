"""What the simulator's pages need. Filled in by bot/app.py in development only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.model.ports import Clock
from bot.school.demo.simulator import SimulatorPhone
from bot.storage.session import Database


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text the carrier took for a telephone. `automatic`: the carrier's own answer to STOP, START or HELP."""

    provider_id: str
    body: str
    status: str
    at: datetime
    automatic: bool = False


class PhoneCompany(Protocol):
    """The development carrier, as a telephone sees it."""

    def write(self, number: str, body: str, *, picture: bool) -> None:
        """Somebody texts the school: a signed webhook goes out, as the real carrier sends it."""

    def shown_on(self, number: str) -> Sequence[ShownText]:
        """The last texts the carrier took for a number, oldest first."""


@dataclass(frozen=True, slots=True)
class SimulatorServices:
    """Everything the pages work with. `phones` in the order in which they are shown."""

    database: Database
    clock: Clock
    zone: ZoneInfo
    phones: Sequence[SimulatorPhone]
    company: PhoneCompany
