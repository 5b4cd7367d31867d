"""Finds the translation providers: every file of this package with a NAME and a `build`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import cast

from bot import translation
from bot.model.errors import BadSetting
from bot.model.ports import Translator
from bot.translation.chain import Chain

Builder = Callable[[Mapping[str, str]], Translator]
"""Makes a provider from settings by their environment names."""


def discover() -> Mapping[str, Builder]:
    """Builders by provider name. ValueError when two files claim the same name."""
    found: dict[str, Builder] = {}
    for info in pkgutil.iter_modules(translation.__path__):
        module = importlib.import_module(f"{translation.__name__}.{info.name}")
        name, build = getattr(module, "NAME", None), getattr(module, "build", None)
        if name is None or build is None:
            continue
        if name in found:
            raise ValueError(f"two files of bot/translation call themselves {name!r}")
        found[name] = cast("Builder", build)
    return MappingProxyType(found)


def build_chain(names: Sequence[str], values: Mapping[str, str] | None = None) -> Chain:
    """The providers of these names, in this order. BadSetting names one that does not exist or may not be asked."""
    builders = discover()
    unknown = [name for name in names if name not in builders]
    if unknown:
        raise BadSetting(
            f"TRANSLATION_PROVIDERS: there is no provider {', '.join(unknown)}; known: {', '.join(sorted(builders))}"
        )
    providers = [builders[name](values or {}) for name in names]
    slow = [provider.name for provider in providers if not provider.instant]
    if slow:
        raise BadSetting(
            f"TRANSLATION_PROVIDERS: {', '.join(slow)} asks a network. Texts are translated inside the transaction "
            "that stores them, where nothing may wait; see docs/decisions/0006-translate-before-the-row.md"
        )
    return Chain(providers)
