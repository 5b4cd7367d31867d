"""What the console needs from the rest of the house. Filled in by bot/app.py, by hand in tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.model.delivery import DeliveryState
from bot.model.ports import Clock
from bot.school.broadcasts.trying import TrialText
from bot.school.broadcasts.wording import Wording
from bot.school.policy import Policy
from bot.storage.conversations import Conversation
from bot.storage.delivery_rows import DeliveryRow
from bot.storage.session import Database


@dataclass(frozen=True, slots=True)
class StaffText:
    """What a member of staff wrote to a family, not yet rendered.

    `once` makes a second press of the button harmless: the same key never leaves twice.
    """

    case_id: int | None
    text: str
    written_in: str
    once: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a text would leave if it were sent now: what the phone shows, its cost, and when.

    `state` is QUEUED (at once), HELD (until `due_at`) or SUPPRESSED (never, for this `reason`).
    """

    body: str
    translated: bool
    segments: int
    state: DeliveryState
    due_at: datetime
    reason: str | None = None


class FamilyLine(Protocol):
    """The way from the console to a family's phone: always through the outbox."""

    def preview(self, session: Session, conversation: Conversation, text: StaffText) -> Leaving:
        """What would happen to the text; changes nothing."""

    def knows(self, session: Session, conversation: Conversation, text: StaffText) -> bool:
        """Whether this very text was queued before."""

    def send(self, session: Session, conversation: Conversation, text: StaffText) -> DeliveryRow | None:
        """Queue the text as a delivery of kind "staff" in the caller's transaction; None when it was before."""

    def send_trial(self, session: Session, trial: TrialText) -> DeliveryRow:
        """Queue the trial of a broadcast for a telephone of staff; the row of the first time when pressed twice."""


@dataclass(frozen=True, slots=True)
class ConsoleServices:
    """Everything the console's rooms work with.

    `locales` holds `<tag>/LC_MESSAGES/console.po`; `wording` writes broadcasts for their preview;
    `stay_signed_in` is how long one log-in lasts.
    """

    database: Database
    clock: Clock
    zone: ZoneInfo
    policy: Policy
    line: FamilyLine
    locales: Path
    wording: Wording
    stay_signed_in: timedelta = timedelta(hours=12)
