"""Trial mode: a district that starts out texts its own numbers only, and answers whoever texts it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.school.policy import Policy
from bot.storage.conversations import has_written

TRIAL = "Trial mode is on: only the numbers of TRIAL_NUMBERS get texts they did not ask for."
BARRED = frozenset({"broadcast", "urgent", "reminder", "staff"})
"""Kinds nobody asked for. Answers, what a STOP or a START is confirmed with, help in danger and alerts to staff
go to everybody, and so does what staff write on a line that has texted the school itself."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The numbers (E.164) of a district that tries Homeline out; with none, there is no trial."""

    numbers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, policy: Policy) -> Trial:
        """As the district has set it."""
        return cls(frozenset(policy.trial_numbers))

    @property
    def on(self) -> bool:
        """Whether only these numbers are texted."""
        return bool(self.numbers)

    def includes(self, address: str) -> bool:
        """Whether an address may get everything: also where a channel writes its name before the number."""
        return not self.on or address.rpartition(":")[2] in self.numbers

    def bars(self, session: Session, channel: str, address: str, kind: str) -> bool:
        """Whether a text of this kind must not go to the line."""
        if kind not in BARRED or self.includes(address):
            return False
        return kind != "staff" or not has_written(session, channel, address)

    def barred_lines(
        self, session: Session, lines: Collection[tuple[str, str]], kind: str
    ) -> frozenset[tuple[str, str]]:
        """Those of the lines (channel, address) that a text of this kind must not go to."""
        if not self.on or kind not in BARRED:
            return frozenset()
        return frozenset(line for line in lines if self.bars(session, *line, kind))
