"""Hours, lengths of time, numbers and addresses as an operator writes them in a setting. ValueError says the remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

LONGEST_DISTANCE = timedelta(days=366)
_DATABASES = ("sqlite", "postgresql", "postgres", "postgresql+psycopg")
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")


def parse_window(value: str) -> tuple[time, time]:
    """ "20:00-08:00" as two times of day, which may be the same; ValueError with the remedy otherwise."""
    try:
        start, end = (time.fromisoformat(part.strip()) for part in value.split("-"))
    except ValueError as error:
        raise ValueError("must be two times of day such as 20:00-08:00") from error
    return start, end


def parse_opening(value: str) -> tuple[time, time]:
    """The same for hours that begin and end on one day."""
    opens, closes = parse_window(value)
    if opens >= closes:
        raise ValueError("must open before it closes, such as 08:00-16:00")
    return opens, closes


def parse_distance(value: str) -> timedelta:
    """ "3d", "2h", "30m" as a duration; ValueError with the remedy otherwise."""
    units = {"d": "days", "h": "hours", "m": "minutes"}
    if not re.fullmatch(r"\d{1,6}[dhm]", value, re.ASCII):
        raise ValueError(f"{value!r} is not a length of time; write 3d, 2h or 30m")
    distance = timedelta(**{units[value[-1]]: int(value[:-1])})
    if distance > LONGEST_DISTANCE:
        raise ValueError(f"{value!r} is longer than a year; write 3d, 2h or 30m")
    return distance


def check_numbers(words: Iterable[str]) -> None:
    """ValueError unless each is a telephone number in E.164."""
    if wrong := [word for word in words if not _NUMBER.fullmatch(word)]:
        raise ValueError(f"write numbers as +15105550100, not {', '.join(wrong)}")


def check_web_address(value: str) -> None:
    """ValueError unless it is the address of a site, to which paths can be added."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https"):
        raise ValueError("must begin with http:// or https://")
    if not parts.hostname or "?" in value or "#" in value:
        raise ValueError("must be a bare address such as https://line.example.org, without ? and #")


def check_ip_address(value: str) -> None:
    """ValueError unless it is the number of a machine, not its name."""
    try:
        ip_address(value)
    except ValueError as error:
        raise ValueError("must be an IP address such as 127.0.0.1") from error


def check_database(value: str) -> None:
    """ValueError unless it names a database of a kind we can use."""
    try:
        known = make_url(value).drivername in _DATABASES
    except (ArgumentError, ValueError):
        known = False
    if not known:
        raise ValueError("must be sqlite:///folder/file.db or postgresql://user:password@host/name")
