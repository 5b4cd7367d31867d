"""Finds the actions: every module of this package that has a NAME and a run."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

import bot.actions
from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt
from bot.model.errors import BadFlow

Action = Callable[[ActionContext], Receipt]
_NO_ACTIONS = frozenset({"context", "registry"})


@cache
def discover() -> Mapping[str, Action]:
    """All actions by the name flows use. BadFlow when a file holds none, or one that exists already."""
    found: dict[str, Action] = {}
    for entry in sorted(pkgutil.iter_modules(bot.actions.__path__), key=lambda module: module.name):
        if entry.name in _NO_ACTIONS:
            continue
        module = importlib.import_module(f"bot.actions.{entry.name}")
        name, run = getattr(module, "NAME", None), getattr(module, "run", None)
        if not isinstance(name, str) or not name.startswith("action_") or not callable(run):
            raise BadFlow(f"bot/actions/{entry.name}.py: an action needs NAME = 'action_…' and run(context)")
        if name in found:
            raise BadFlow(f"bot/actions/{entry.name}.py: the action {name} exists already")
        found[name] = run
    return MappingProxyType(found)
