"""What a district decides once: hours, promises, who is on call. Filled from the settings by bot/app.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal

REMINDERS = (timedelta(days=3), timedelta(days=1), timedelta(hours=2))

LANGUAGES = ("en", "es", "zh-Hans", "vi", "ar", "so", "ht", "pt-BR", "ru", "fr", "ko", "fil")
"""The languages of the product, in the order in which they are offered: the first ones are on the first page."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The district's choices. Times of day are in the school's zone.

    `answer_within` is the promise for an ordinary case in hours of office time;
    `urgent_within` the one for a crisis, in minutes of real time. A broadcast to more than `approval_above`
    recipients needs a second person; nothing of one leaves within `undo`. `segment_price` is in dollars, 0: unknown.
    """

    district: str = "the school district"
    office_phone: str = ""
    quiet_from: time = time(20, 0)
    quiet_until: time = time(8, 0)
    office_opens: time = time(8, 0)
    office_closes: time = time(16, 0)
    answer_within_hours: int = 16
    urgent_within_minutes: int = 15
    reminders: tuple[timedelta, ...] = REMINDERS
    closed_days: frozenset[date] = frozenset()
    approval_above: int = 200
    undo: timedelta = timedelta(seconds=30)
    segment_price: Decimal = Decimal(0)
    replies_to_author: bool = True  # questions after a broadcast go to who wrote it
    on_call: tuple[str, ...] = field(default=())  # telephone numbers (E.164) alerted in a crisis
    trial_numbers: tuple[str, ...] = ()  # (E.164) where not empty, nobody else gets what he did not ask for
    spoken: tuple[str, ...] = LANGUAGES  # languages the bot's own phrases exist in
    languages: tuple[str, ...] = LANGUAGES


def in_order_of_offer(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags as families are offered them: as in LANGUAGES, any others after these by name."""
    return tuple(
        sorted(tags, key=lambda tag: (LANGUAGES.index(tag) if tag in LANGUAGES else len(LANGUAGES), tag))
    )
