"""Held-out questions by other hands: what the shipped articles, weights and thresholds must reach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.model.errors import BadInput
from bot.school.demo.vectors import load_vectors
from bot.school.knowledge_evaluation import HeldOut, Verdict, figures, halves, judge, read_questions, report
from bot.school.knowledge_import import load_articles
from bot.settings import ROOT
from bot.storage.schema import metadata
from bot.storage.session import Database
from tests.conftest import FixedClock
from tests.understanding.kept_parses import kept_vectors

KNOWN, UNKNOWN = HeldOut("en", "bus?", ("bus", "late-bus")), HeldOut("en", "pool?")


def test_figures_tell_what_was_found_from_what_was_given() -> None:
    found = figures(
        [
            Verdict(KNOWN, ("bus", "lunch"), "bus", ()),
            Verdict(KNOWN, ("lunch", "late-bus"), None, ("lunch", "late-bus")),
            Verdict(KNOWN, ("lunch", "hours", "dress", "bus"), "lunch", ()),
            Verdict(KNOWN, ("bus",), None, ()),
            Verdict(UNKNOWN, ("lunch",), "lunch", ()),
            Verdict(UNKNOWN, ("lunch",), None, ("lunch",)),
        ]
    )
    assert (found.first, found.three, found.answered, found.right) == (0.5, 0.75, 0.5, 0.5)
    assert (found.reached, found.refused, found.silent) == (0.5, 0.5, 0.0)
    assert figures([]).first is None


def test_broken_files_are_refused_with_their_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no .yml"):
        read_questions(tmp_path)
    (tmp_path / "en.yml").write_text("language: en\nanswerable:\n  - text: bus?\n")
    with pytest.raises(BadInput, match=r"en\.yml"):
        read_questions(tmp_path)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Verdict]]:
    """What the demo district's articles make of every held-out question."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('knowledge')}/demo.db")
    metadata.create_all(database.engine)
    now = FixedClock().now()
    with database.write() as session:
        load_articles(session, ROOT / "demo" / "knowledge", now)
        assert load_vectors(session, ROOT / "demo", now) > 3000, "run `flask --app server db demo-vectors`"
    with database.read() as session:
        yield judge(session, read_questions(ROOT / "tests" / "held_out" / "questions"), kept_vectors())
    database.close()


@pytest.mark.slow
@pytest.mark.parametrize("half", [0, 1])
def test_the_right_article_is_found_in_twelve_languages_and_the_unanswerable_is_refused(
    verdicts: list[Verdict], half: int
) -> None:
    found = figures(halves(verdicts)[half])
    assert found.first is not None and found.first >= 0.80
    assert found.three is not None and found.three >= 0.92
    assert found.refused is not None and found.refused >= 0.85
    assert found.right is not None and found.right >= 0.93


@pytest.mark.slow
def test_every_language_is_reported(verdicts: list[Verdict]) -> None:
    lines = list(report(verdicts))
    assert {line.split()[0] for line in lines[1:13]} == {verdict.question.language for verdict in verdicts}
    assert lines[15].startswith("all ")
