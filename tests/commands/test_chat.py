"""`chat`: a conversation in the terminal, as a family of the demo district would have it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Operator


def test_one_talks_to_the_bot_and_nothing_is_kept(
    bare: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/kept.db")
    monkeypatch.setenv("HOMELINE_MODE", "development")
    told = bare.says("chat", "--show", typed="How much is school lunch?\n¿Cuánto cuesta el almuerzo?\n")
    assert told.startswith("You write from +15105550178.")
    assert told.count("riovista.example.org/meals") >= 2
    assert told.count("[ask_question ") == 2
    assert not (tmp_path / "kept.db").exists()
