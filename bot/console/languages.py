"""The room of languages: how much of what the bot says is there in each, and who has checked it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from bot.console.access import OFFICE, required_roles
from bot.console.services import ConsoleServices

PENDING = "review: pending"
"""How a translator's comment begins on a phrase that no native speaker has checked."""


@dataclass(frozen=True, slots=True)
class LanguageState:
    """One language of families. `total` is 0 where there is no catalogue: its families read English."""

    tag: str
    total: int = 0
    translated: int = 0
    reviewed: int = 0

    @property
    def complete(self) -> bool:
        """Whether every phrase is there."""
        return self.total > 0 and self.translated == self.total


def add_routes(blueprint: Blueprint, services: ConsoleServices) -> None:
    """Mount the page."""

    @blueprint.get("/languages", endpoint="list_languages")
    @required_roles(*OFFICE)
    def list_languages() -> ResponseReturnValue:
        return render_template("console/languages.html", states=read_states(services))


def read_states(services: ConsoleServices) -> Sequence[LanguageState]:
    """English, which is the source, and every language of the district; the most complete first."""
    others = [_read(services.locales, tag) for tag in services.policy.languages if tag != "en"]
    total = max((state.total for state in others), default=0)
    english = LanguageState("en", total, total, total)
    return [english, *sorted(others, key=lambda state: (-state.translated, state.tag))]


def _read(locales: Path, tag: str) -> LanguageState:
    path = locales / tag / "LC_MESSAGES" / "bot.po"
    if not path.exists():
        return LanguageState(tag)
    with path.open("rb") as file:
        phrases = [message for message in read_po(file) if message.id]
    done = [message for message in phrases if message.string and not message.fuzzy]
    pending = sum(any(note.startswith(PENDING) for note in message.user_comments) for message in done)
    return LanguageState(tag, len(phrases), len(done), len(done) - pending)
