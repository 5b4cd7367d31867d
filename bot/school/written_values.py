"""Hours, lengths of time and numbers as an operator writes them in a setting. ValueError says the remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time, timedelta

_NUMBER = re.compile(r"\+[1-9]\d{6,14}")


def parse_window(value: str) -> tuple[time, time]:
    """ "20:00-08:00" as two times of day; ValueError with the remedy otherwise."""
    try:
        start, end = (time.fromisoformat(part.strip()) for part in value.split("-"))
    except ValueError as error:
        raise ValueError("must be two times of day such as 20:00-08:00") from error
    return start, end


def parse_distance(value: str) -> timedelta:
    """ "3d", "2h", "30m" as a duration; ValueError with the remedy otherwise."""
    units = {"d": "days", "h": "hours", "m": "minutes"}
    if len(value) < 2 or value[-1] not in units or not value[:-1].isdigit():
        raise ValueError(f"{value!r} is not a length of time; write 3d, 2h or 30m")
    return timedelta(**{units[value[-1]]: int(value[:-1])})


def check_numbers(words: Iterable[str]) -> None:
    """ValueError unless each is a telephone number in E.164."""
    if wrong := [word for word in words if not _NUMBER.fullmatch(word)]:
        raise ValueError(f"write numbers as +15105550100, not {', '.join(wrong)}")
