"""Training and test texts in Rasa's format, read without Rasa: <folder>/<language>/<intent>.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.model.errors import BadInput
from bot.model.yaml_text import read_yaml

_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True, slots=True)
class Example:
    """One text with what its sender wants and the tag of its language."""

    text: str
    intent: str
    language: str


def read_examples(folder: Path) -> list[Example]:
    """Every example below `folder`, in the order of the files. BadInput when a file is not in Rasa's format.

    The language is the name of a file's own folder; entity marks are taken off the texts.
    """
    files = sorted(folder.rglob("*.yml"))
    if not files:
        raise BadInput(f"{folder}: no .yml files below it")
    return [example for file in files for example in _read(file)]


def _read(file: Path) -> Iterator[Example]:
    try:
        blocks = read_yaml(file.read_text(encoding="utf-8"))["nlu"]
        found = [(block["intent"], block["examples"]) for block in blocks if "intent" in block]
    except (yaml.YAMLError, KeyError, TypeError, UnicodeError) as error:
        raise BadInput(f"{file}: not in Rasa's training format ({error!r})") from error
    for intent, examples in found:
        for line in str(examples).splitlines():
            text = _ENTITY.sub(r"\1", line.strip().removeprefix("-").strip())
            if text:
                yield Example(text, str(intent), file.parent.name)
