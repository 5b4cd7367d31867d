"""Finds the step kinds: each module in steps/ names its class in `STEP`. A new kind is one new file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from bot.conversation import steps
from bot.conversation.definitions import Step
from bot.model.errors import BadFlow


@cache
def step_kinds() -> Mapping[str, type[Step]]:
    """Every kind of step by the word that flow files use for it."""
    kinds: dict[str, type[Step]] = {}
    for found in sorted(pkgutil.iter_modules(steps.__path__), key=lambda module: module.name):
        kind: type[Step] = importlib.import_module(f"{steps.__name__}.{found.name}").STEP
        if kind.KIND in kinds:
            raise BadFlow(
                f"bot/conversation/steps/{found.name}.py: the step kind `{kind.KIND}` exists already"
            )
        kinds[kind.KIND] = kind
    return MappingProxyType(kinds)
