"""The demo's days without school."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.model.errors import BadInput
from bot.school.closed_days import read_closed_days
from bot.school.demo.files import read_yaml, take

_FILE = "calendar.yml"


def closed_days(folder: Path) -> frozenset[date]:
    """The days of `calendar.yml` in the demo folder. BadInput names one that cannot be read."""
    listed = take(read_yaml(folder / _FILE), "closed", list, _FILE)
    try:
        return read_closed_days(str(word) for word in listed)
    except ValueError as error:
        raise BadInput(f"{_FILE}: {error}") from error
