"""What keeps a text from leaving, or until when: a STOP, trial mode, the hours of rest of the line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.school.consent import barred_lines
from bot.school.policy import Policy
from bot.school.quiet_hours import QuietHours
from bot.school.resting import Windows, district_rest, windows_by_line
from bot.school.trial import TRIAL, Trial

Line = tuple[str, str]

UNASKED = frozenset({"staff", "reminder", "broadcast"})
"""Kinds that wait until the hours of rest are over. Answers, confirmations and alarms do not, nor do urgent
broadcasts, for which a second person has answered."""

STOPPED = "The family said STOP: nothing is sent until they text START."


@dataclass(frozen=True, slots=True)
class Gate:
    """The district's hours of rest and its trial mode; a line's own word and hours are read from the rows."""

    rest: QuietHours
    trial: Trial = Trial()

    @classmethod
    def of(cls, policy: Policy, zone: ZoneInfo) -> Gate:
        """As the district has set it."""
        return cls(district_rest(policy, zone), Trial.of(policy))

    def bars(self, session: Session, lines: Collection[Line], kind: str) -> Mapping[Line, str]:
        """Why a text of this kind must never go to these lines; those that are left out may have it."""
        trial = dict.fromkeys(self.trial.barred_lines(session, lines, kind), TRIAL)
        return {**trial, **dict.fromkeys(barred_lines(session, lines, kind), STOPPED)}

    def windows_by_line(self, session: Session, lines: Collection[Line]) -> Mapping[Line, Windows]:
        """The hours in which these lines rest; those that are left out have the district's hours alone."""
        return windows_by_line(session, lines, self.rest)
