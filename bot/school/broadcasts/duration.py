"""How long a broadcast takes at the rates of the numbers it leaves from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.model.pace import BULK_SHARE
from bot.storage.sender_numbers import SenderNumber, list_senders


@dataclass(frozen=True, slots=True)
class Duration:
    """An estimate. `minutes` are those of sending without a stop; `rate` is in segments a second, of all numbers.

    `days` is above 1 where the numbers' daily limits end a day before everything has left.
    """

    minutes: int
    rate: float
    numbers: int
    days: int = 1


def estimate(session: Session, segments: int, today: date | None, channel: str = "sms") -> Duration | None:
    """How long so many segments take, replies left their room. None where no number has a limit.

    `today` is the school's day; None for what does not keep to daily limits.
    """
    senders = list_senders(session, [channel])
    rate = sum(sender.rate for sender in senders) * BULK_SHARE
    unlimited = any(not sender.rate for sender in senders)
    days = _days(senders, segments, today) if today is not None else 1
    if not senders or not segments or unlimited and days == 1:
        return None
    minutes = 0 if unlimited else math.ceil(segments / rate / 60)
    return Duration(minutes, 0.0 if unlimited else rate, len(senders), days)


def _days(senders: Sequence[SenderNumber], segments: int, today: date) -> int:
    """On how many days something leaves."""
    a_day = sum(sender.daily_segments for sender in senders)
    if not a_day or not all(sender.daily_segments for sender in senders):
        return 1
    used = sum(sender.day_segments for sender in senders if sender.day == today)
    left = max(a_day - used, 0)
    return 1 + math.ceil(max(segments - left, 0) / a_day)
