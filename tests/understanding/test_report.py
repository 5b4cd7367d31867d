"""The training report: charts that say what they show, and a page written from a small model."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bot import charts
from bot.understanding.head_training import Recipe
from bot.understanding.report import write_report
from tests.understanding.archives import LetterEmbedder, e5_archive

TEXTS = {
    "greet": ("hello hi", "hi hello there", "hello you"),
    "ask_question": ("question when", "when is that question", "a question"),
    "crisis": ("die kill", "kill and die", "to die"),
}


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Path:
    """A project with a few texts, the real tables and a small model."""
    for folder in ("nlu_data/en", "nlu_data/test/en"):
        (tmp_path / folder).mkdir(parents=True)
        for intent, texts in TEXTS.items():
            lines = "".join(f"    - {text}\n" for text in texts)
            (tmp_path / folder / f"{intent}.yml").write_text(
                f"nlu:\n- intent: {intent}\n  examples: |\n{lines}"
            )
    (tmp_path / "nlu_data/lookups").symlink_to(root / "nlu_data" / "lookups")
    (tmp_path / "models").mkdir()
    e5_archive(tmp_path / "models" / "nlu-e5.tar.gz")
    return tmp_path


def test_the_page_names_every_part_language_and_intent_and_its_pictures_stand_there(project: Path) -> None:
    write_report(project, LetterEmbedder(), Recipe(landmarks=9, scale=20.0, rounds=40))
    page = (project / "docs" / "understanding-report.md").read_text(encoding="utf-8")
    assert "| language | embedding | letters | both | shipped |" in page
    assert "| en | 100.0 |" in page
    assert "| volunteer | – |" in page
    for name in ("learning", "reliability", "confusion"):
        assert f"(pictures/nlu/{name}.svg)" in page
        ET.parse(project / "docs" / "pictures" / "nlu" / f"{name}.svg")


def test_a_line_ends_higher_on_the_page_when_the_share_is_larger() -> None:
    picture = charts.lines("t", ["1", "2"], {"a & b": [0.5, 0.9]}, low=0.4)
    points = next(e for e in ET.fromstring(picture).iter() if e.tag.endswith("polyline")).attrib["points"]
    first, last = (float(point.split(",")[1]) for point in points.split())
    assert last < first
    assert "a &amp; b" in picture


def test_a_confusion_is_drawn_in_another_colour_than_a_hit() -> None:
    picture = charts.confusion("t", ["a", "b"], [[3, 1], [0, 2]])
    fills = [e.attrib["fill"] for e in ET.fromstring(picture).iter() if "fill-opacity" in e.attrib]
    assert len(fills) == 3
    assert fills[0] == fills[2] != fills[1]


def test_curves_stand_between_round_numbers() -> None:
    picture = charts.curves("t", "minutes", "texts", {"a & b": [(0.0, 0.0), (90.0, 4_200_000.0)]})
    assert "a &amp; b" in picture and ">100<" in picture and ">5 M<" in picture


def test_powers_of_ten_stand_equally_far_apart() -> None:
    picture = charts.curves("t", "rows", "times", {"a": [(1e3, 1.0), (1e4, 1.0), (1e6, 2.0)]}, by_tens=True)
    line = next(e for e in ET.fromstring(picture).iter() if e.tag.endswith("polyline")).attrib["points"]
    first, second, last = (float(point.split(",")[0]) for point in line.split())
    assert second - first == (last - first) / 3
    assert all(f">{mark}<" in picture for mark in ("1000", "10 k", "100 k", "1 M"))
