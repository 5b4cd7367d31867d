"""`knowledge test`: figures on held-out questions, without touching the district's own database."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.knowledge import Article
from tests.commands.conftest import Operator


@pytest.mark.slow
def test_figures_are_told_and_the_own_database_is_left_alone(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_text(
        "language: en\nanswerable:\n  - {text: how much is lunch, article: lunch-cost}\n"
        "unanswerable:\n  - {text: how do I renew my passport}\n"
    )
    told = operator.says("knowledge", "test", tmp_path).splitlines()
    assert told[0].split() == [
        "language",
        "questions",
        "first",
        "three",
        "answered",
        "right",
        "reached",
        "refused",
        "silent",
    ]
    assert told[1].split()[:4] == ["en", "2", "100.0", "100.0"]
    with operator.home.database.read() as session:
        assert session.query(Article).count() == 0


def test_a_folder_without_questions_is_refused_in_words(operator: Operator, tmp_path: Path) -> None:
    assert "no .yml files" in operator.refuses("knowledge", "test", tmp_path)
    assert "ask_question.yml" in operator.refuses("knowledge", "average", tmp_path)
