"""Reading YAML with lines, and only what Rasa reads as well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.conversation.faults import Faults
from bot.conversation.flow_file import LinedMap, read_flow_file


def read(folder: Path, text: str) -> tuple[LinedMap, list[str]]:
    """The content of a file with this text, and what is wrong with it."""
    path = folder / "x.yml"
    path.write_text(text, encoding="utf-8")
    faults = Faults()
    return read_flow_file(path, faults), [fault.reason for fault in faults]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("true", True), ("False", False), ("null", None), ("~", None), ("", None),
        ("3", 3), ("-3", -3), ("12:30", "12:30"), ("2026-01-01", "2026-01-01"), ("0.5", 0.5), ("1e3", 1000.0), ("1_000", "1_000"),
        ('"3"', "3"), ("[a, 1]", ["a", 1]), ("0x1f", "0x1f"), (".5", 0.5), ("3.", 3.0), ("1.2.3", "1.2.3"),
    ],
)  # fmt: skip
def test_words_mean_what_they_mean_in_yaml_1_2(tmp_path: Path, written: str, value: Any) -> None:
    content, faults = read(tmp_path, f"key: {written}\n")
    assert content == {"key": value} and faults == []
    assert type(content["key"]) is type(value) or isinstance(value, list)


def test_mappings_lists_and_keys_know_their_lines(tmp_path: Path) -> None:
    content, _ = read(tmp_path, "a:\n  - b: 1\n    c: 2\n\nd: 3\n")
    assert content.line_of("a") == 1 and content.line_of("d") == 5
    assert content["a"].line == 2 and content["a"][0].line == 2
    assert content["a"][0].line_of("c") == 3
    assert content["a"][0].line_of("unheard") == 2


def test_a_key_that_stands_twice_is_told(tmp_path: Path) -> None:
    _, faults = read(tmp_path, "a: 1\nb:\n  c: 1\n  c: 2\na: 2\n")
    assert sorted(faults) == ["the key `a` stands here twice", "the key `c` stands here twice"]


@pytest.mark.parametrize(
    "text", ["a: !!python/object:os.system x", "a: !secret x", "a: *b", "a: {b", "\tx: 1", "a: b: c"]
)
def test_what_is_not_plain_yaml_is_told_and_nothing_is_run(tmp_path: Path, text: str) -> None:
    content, faults = read(tmp_path, text)
    assert content == {} and len(faults) == 1 and "YAML" in faults[0]


def test_the_same_part_may_be_used_twice_by_an_anchor(tmp_path: Path) -> None:
    content, faults = read(tmp_path, "a: &x {b: 1}\nc: *x\n")
    assert content == {"a": {"b": 1}, "c": {"b": 1}} and faults == []
