"""What a district decides once: hours, promises, who is on call. Filled from the settings by bot/app.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta

REMINDERS = (timedelta(days=3), timedelta(days=1), timedelta(hours=2))


@dataclass(frozen=True, slots=True)
class Policy:
    """The district's choices. Times of day are in the school's zone.

    `answer_within` is the promise for an ordinary case in hours of office time;
    `urgent_within` the one for a crisis, in minutes of real time.
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
    on_call: tuple[str, ...] = field(default=())  # telephone numbers (E.164) alerted in a crisis
    spoken: tuple[str, ...] = ("en", "es", "ar", "vi")  # languages the bot's own phrases exist in
    languages: tuple[str, ...] = (
        "en",
        "es",
        "zh-Hans",
        "vi",
        "ar",
        "so",
        "ht",
        "pt-BR",
        "ru",
        "fr",
        "ko",
        "fil",
    )
