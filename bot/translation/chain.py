"""Several providers, asked in order until one answers."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.model.errors import TranslationError
from bot.model.ports import Translator

log = structlog.get_logger(__name__)


class Chain:
    """A translator made of translators. One that fails or does not do the pair is passed over."""

    name = "chain"
    instant = True  # as its members: build_chain takes no others

    def __init__(self, providers: Sequence[Translator]) -> None:
        self._providers = tuple(providers)

    def translate(self, text: str, source: str, target: str) -> str | None:
        """The first usable translation, None when there is none."""
        for provider in self._providers:
            try:
                translation = provider.translate(text, source, target)
            except TranslationError as error:
                log.warning("provider_failed", provider=provider.name, error=type(error).__name__)
                continue
            if translation and translation.strip():
                return translation
        return None
