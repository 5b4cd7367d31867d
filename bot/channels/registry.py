"""Finds the channels: every file of this package with a NAME and a `build`. A new channel is one new file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import cast

from bot import channels
from bot.model.ports import Channel

Builder = Callable[[Mapping[str, str]], Channel]
"""Makes a channel from settings by their environment names; BadSetting names what is missing."""


def discover() -> Mapping[str, Builder]:
    """Builders by channel name. ValueError when two files claim the same name."""
    found: dict[str, Builder] = {}
    for info in pkgutil.iter_modules(channels.__path__):
        if info.ispkg:  # shared by several channels, and slow to load
            continue
        module = importlib.import_module(f"{channels.__name__}.{info.name}")
        name, build = getattr(module, "NAME", None), getattr(module, "build", None)
        if name is None or build is None:
            continue
        if name in found:
            raise ValueError(f"two files of bot/channels call themselves {name!r}")
        found[name] = cast("Builder", build)
    return MappingProxyType(found)
