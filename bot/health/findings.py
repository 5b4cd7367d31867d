"""What a check gives, and what the checks look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.model.ports import Clock
from bot.storage.session import Database


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: whether it holds, and a sentence that says what was seen and what to do."""

    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class HealthServices:
    """What the checks look at. `model` answers (ready, detail) for this process; None: it is for workers to say.

    `trial`: to how many numbers texts nobody asked for are limited, 0 for everybody.
    """

    database: Database
    clock: Clock
    model: Callable[[], tuple[bool, str]] | None
    trial: int = 0
