"""`nlu entities`: how well days, people and needs are read on phrases by another hand."""

from __future__ import annotations

from pathlib import Path

from bot.commands.entity_figures import figures, judge_folder, report

HELD_OUT = Path(__file__).parents[1] / "held_out" / "entities"
LEAST = 0.85
"""Share of the phrases in which all must be read, and nothing else."""


def test_what_families_say_is_read_in_every_language() -> None:
    counted = figures(judge_folder(HELD_OUT))
    assert counted["all"].exact >= LEAST
    assert {name: one.exact for name, one in counted.items() if one.exact < LEAST} == {}
    assert len(counted) == 13


def test_the_report_names_languages_and_kinds() -> None:
    lines = list(report(judge_folder(HELD_OUT)))
    assert any(line.startswith("vi ") for line in lines)
    assert any(line.startswith("teacher") for line in lines)
