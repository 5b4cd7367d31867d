"""No service at all: the original goes out, and the reader is told so."""

from __future__ import annotations

from collections.abc import Mapping

NAME = "none"


class NoTranslation:
    """Provider "none"."""

    name = NAME
    instant = True

    def translate(self, text: str, source: str, target: str) -> str | None:
        """Always None."""
        return None


def build(values: Mapping[str, str]) -> NoTranslation:
    """The provider; it needs no settings."""
    return NoTranslation()
