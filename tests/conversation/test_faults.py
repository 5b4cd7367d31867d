"""Every fault of a flow file is told with file, line, flow, step and reason: see faults/*.yml and the .txt beside each."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.conversation.faults import BadFlows
from bot.conversation.loading import load_flows
from bot.conversation.patterns import REQUIRED
from bot.model.errors import BadFlow
from tests.conversation.talk import ACTIONS, HERE, PATTERNS, load_with

CASES = sorted((HERE / "faults").glob("*.yml"))


def load_patterns_with(folder: Path, old: str, new: str) -> None:
    """Load the real patterns with one change."""
    flows = folder / "flows"
    flows.mkdir()
    shutil.copy(HERE / "flows" / "school.yml", flows)
    text = PATTERNS.read_text(encoding="utf-8")
    assert old in text
    (flows / "patterns.yml").write_text(text.replace(old, new), encoding="utf-8")
    load_flows(flows, ACTIONS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_each_bad_file_is_told_its_faults(case: Path) -> None:
    with pytest.raises(BadFlow) as caught:
        load_with(case)
    assert str(caught.value).splitlines() == case.with_suffix(".txt").read_text(encoding="utf-8").splitlines()


def test_faults_of_all_files_are_told_together() -> None:
    with pytest.raises(BadFlows) as caught:
        load_with(*(case for case in CASES if case.stem in ("no_question", "unreachable")))
    assert {fault.place.file for fault in caught.value.faults} >= {
        "flows/no_question.yml",
        "flows/unreachable.yml",
    }


def test_text_that_is_no_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "broken.yml").write_text("flows:\n  odd: [1\n", encoding="utf-8")
    with pytest.raises(BadFlow, match=r"/broken.yml:\d+: not readable as YAML"):
        load_flows(tmp_path, ACTIONS)


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.yml").write_bytes("flows: {}  # niño".encode("latin-1"))
    with pytest.raises(BadFlow, match="/latin.yml:1: the file is not UTF-8 text"):
        load_flows(tmp_path, ACTIONS)


def test_a_folder_without_flows_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFlow, match="there are no flow files"):
        load_flows(tmp_path, ACTIONS)


def test_an_empty_file_is_told_nothing_but_that_the_patterns_are_missing(tmp_path: Path) -> None:
    (tmp_path / "empty.yml").write_text("", encoding="utf-8")
    with pytest.raises(BadFlow) as caught:
        load_flows(tmp_path, ACTIONS)
    told = str(caught.value)
    assert all(f"the pattern `{name}`, which the engine needs, is missing" in told for name in REQUIRED)
    assert "the response `utter_start_over`, which the engine needs, is missing" in told
    assert "the slot `clarified_flow`, which the engine needs, is missing" in told


def test_a_session_start_that_asks_is_refused(tmp_path: Path) -> None:
    asks = "A district may greet here.\n    steps:\n      - collect: child"
    with pytest.raises(BadFlow, match="a session may start with things said, not with questions"):
        load_patterns_with(tmp_path, "a district may greet here.\n    steps: []", asks)


def test_a_phrase_of_the_engine_with_a_variable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFlow, match="step utter_start_over.* unknown variable `what`"):
        load_patterns_with(tmp_path, "this line was updated", "this line lost {what}")
