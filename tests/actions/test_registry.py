"""Actions are found by looking at the folder; a file that holds none is named."""

from __future__ import annotations

import ast
import sys
import types
from pathlib import Path

import pytest

import bot.actions
from bot.actions import registry
from bot.actions.registry import discover
from bot.model.errors import BadFlow
from tests.flows.stage import FLOWS

FOLDER = Path(bot.actions.__file__).parent
FILES = [file for file in sorted(FOLDER.glob("*.py")) if file.stem not in {"__init__", "context", "registry"}]


def test_every_file_of_the_folder_is_an_action() -> None:
    assert len(discover()) == len(FILES) > 30


def test_an_action_is_named_after_its_file() -> None:
    assert set(discover()) == {f"action_{file.stem}" for file in FILES}


def test_every_action_is_used_by_a_flow() -> None:
    used = {
        step.name for flow in FLOWS.flows.values() for step in flow.steps.values() if step.KIND == "action"
    }  # type: ignore[attr-defined]
    asked = {
        f"action_ask_{step.slot}"
        for flow in FLOWS.flows.values()
        for step in flow.steps.values()
        if step.KIND == "collect"
    }  # type: ignore[attr-defined]
    assert set(discover()) - used - asked == set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_phrase_an_action_says_by_name_exists(file: Path) -> None:
    names = {
        node.value
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("utter_")
    }
    for name in names:
        begun = name.endswith("_")  # the rest depends on what happened
        assert any(known.startswith(name) if begun else known == name for known in FLOWS.responses), name


@pytest.mark.parametrize(
    "contents", [{}, {"NAME": "greet"}, {"NAME": "action_x", "run": None}, {"NAME": "action_greet"}]
)
def test_a_file_that_is_no_action_or_one_twice_is_named(
    contents: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("bot.actions.zz_broken")
    module.__dict__.update({"run": lambda context: None, **contents} if "NAME" in contents else contents)
    monkeypatch.setitem(sys.modules, "bot.actions.zz_broken", module)
    found = [types.SimpleNamespace(name=file.stem) for file in FILES] + [
        types.SimpleNamespace(name="zz_broken")
    ]
    monkeypatch.setattr(registry.pkgutil, "iter_modules", lambda path: found)
    with pytest.raises(BadFlow, match="zz_broken"):
        registry.discover.__wrapped__()
