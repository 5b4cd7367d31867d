"""The command line: one JSON object for every line, in order, and figures on held-out texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.understanding.commands import nlu


def run(*arguments: str, given: str | bytes = "") -> Result:
    """The command with this standard input."""
    return CliRunner().invoke(nlu, list(arguments), input=given)


def objects(result: Result) -> list[dict[str, Any]]:
    """The JSON objects that were printed."""
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_line_gets_one_object_in_order() -> None:
    lines = ["hi", "", "what is for lunch", "/crisis", "a\rb", "我想自杀", "1", "🙂", "  ", "last"]
    found = objects(run("parse", given="\n".join(lines)))
    assert [answer["text"] for answer in found] == lines
    assert {tuple(answer) for answer in found} == {("text", "intent", "entities", "intent_ranking")}
    assert found[0]["intent"] == {"name": "greet", "confidence": 1.0}
    assert found[1]["intent"]["name"] == "nlu_fallback"
    assert found[2]["intent"]["name"] == "ask_question"
    assert found[5]["intent"]["name"] == "crisis"


def test_windows_line_ends_and_broken_bytes_are_borne() -> None:
    found = objects(run("parse", given=b"hello\r\n\xff\xfe\x00bad\nthanks\r\n"))
    assert len(found) == 3
    assert (found[0]["text"], found[2]["intent"]["name"]) == ("hello", "thank")


def test_nothing_in_gives_nothing_out() -> None:
    assert objects(run("parse", given="")) == []


def test_the_bare_model_can_be_asked() -> None:
    found = objects(run("parse", "--model-only", given="ok\n\n/greet\nwhat is for lunch\n"))
    assert found[0]["intent"]["confidence"] < 1.0
    assert found[1]["intent"] == {"name": "nlu_fallback", "confidence": 0.0}
    assert len(found[3]["intent_ranking"]) >= 21


def test_without_a_model_the_decision_is_still_made_and_the_bare_model_says_why(tmp_path: Path) -> None:
    result = run("--models", str(tmp_path), "parse", given="ok\nwhen is lunch\n")
    assert [answer["intent"]["name"] for answer in objects(result)] == ["affirm", "nlu_fallback"]
    assert "no model" in result.stderr
    bare = run("--models", str(tmp_path), "parse", "--model-only", given="when is lunch\n")
    assert bare.exit_code == 1
    assert "make train" in bare.output


def test_missing_tables_are_named(tmp_path: Path) -> None:
    result = run("--lookups", str(tmp_path), "parse", given="hi\n")
    assert result.exit_code == 1
    assert "no lookup tables" in result.output


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A few held-out texts."""
    for tag, intent, texts in (
        ("en", "greet", ["hi", "good morning"]),
        ("es", "crisis", ["me quiero morir"]),
    ):
        (tmp_path / tag).mkdir()
        lines = "".join(f"    - {text}\n" for text in texts)
        (tmp_path / tag / f"{intent}.yml").write_text(f"nlu:\n- intent: {intent}\n  examples: |\n{lines}")
    return tmp_path


def test_figures_are_printed_per_language_and_intent(few: Path) -> None:
    result = run("test", str(few))
    assert result.exit_code == 0
    rows = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines() if line}
    assert rows["en"][:2] == ["2", "100.0"]
    assert rows["crisis"][6] == "100.0"


def test_the_stored_language_can_be_set_for_all(few: Path) -> None:
    assert run("test", str(few), "--language", "vi").exit_code == 0


def test_a_folder_without_texts_is_named(tmp_path: Path) -> None:
    result = run("test", str(tmp_path))
    assert result.exit_code == 1
    assert "no .yml files" in result.output
