"""How well days, people and needs are read: phrases with what is expected of each, judged as the line would read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from bot.model.errors import BadInput
from bot.model.yaml_text import read_yaml
from bot.school.naming import Found, Person, find_children, find_teachers
from bot.understanding.entities import read_entities

KINDS = ("child", "children", "teacher", "date", "until", "time", "after", "before", "part", "reason", "need",
         "language", "phone", "case")  # fmt: skip
"""What a phrase may be expected to hold. A list of children or teachers: one of these; `children`: all of them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One phrase, what it holds, and what was read in it."""

    language: str
    text: str
    expected: Mapping[str, Any]
    found: Mapping[str, Any]

    @property
    def right(self) -> bool:
        """Whether all that it holds was read, and nothing else."""
        return dict(self.expected) == dict(self.found)


@dataclass
class Figures:
    """Counts: phrases and those quite right, and for each kind the values found, expected, and both."""

    phrases: int = 0
    right: int = 0
    found: Counter[str] = field(default_factory=Counter)
    expected: Counter[str] = field(default_factory=Counter)
    both: Counter[str] = field(default_factory=Counter)

    def add(self, one: Judged) -> None:
        """Count one phrase."""
        self.phrases += 1
        self.right += one.right
        self.found.update(one.found.keys())
        self.expected.update(one.expected.keys())
        self.both.update(kind for kind, value in one.expected.items() if one.found.get(kind) == value)

    @property
    def exact(self) -> float:
        """The share of phrases that are quite right."""
        return self.right / self.phrases if self.phrases else 0.0


def judge_folder(folder: Path) -> list[Judged]:
    """Every phrase of every <tag>.yml of the folder. BadInput where a file is not in the form described there."""
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise BadInput(f"{folder}: no .yml files in it")
    return [one for file in files for one in _judge(file)]


def _judge(file: Path) -> Iterator[Judged]:
    try:
        told = read_yaml(file.read_text(encoding="utf-8"))
        tag, now = str(told["language"]), datetime.fromisoformat(told["now"])
        children = [_child(entry) for entry in told["family"]["children"]]
        teachers = [_teacher(entry) for entry in told["family"]["teachers"]]
        phrases = [(str(one["text"]), dict(one["expect"])) for one in told["phrases"]]
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{file}: not phrases with what they hold ({error!r})") from error
    for text, expected in phrases:
        said = read_entities(text, tag, now)
        some = find_children(children, text, said.get("kin", ""))
        people = _people(some, find_teachers(teachers, text, said, some.ids))
        read = {kind: said[kind] for kind in KINDS if kind in said}
        yield Judged(tag, text, {kind: _plain(value) for kind, value in expected.items()}, {**read, **people})


def _child(entry: Mapping[str, Any]) -> Person:
    return Person(
        entry["id"], entry["given"], entry["family"], entry.get("called", ""), entry.get("sex", ""),
        entry.get("grade"), date.fromisoformat(entry["birth"]),
    )  # fmt: skip


def _teacher(entry: Mapping[str, Any]) -> Person:
    classes = {child: str(entry.get("subject", "")) for child in entry["teaches"]}
    return Person(entry["id"], entry["given"], entry["family"], classes=classes)


def _people(children: Found, teachers: Found) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if children.ids:
        found["children" if children.together else "child"] = _one_or_some(children)
    if teachers.ids:
        found["teacher"] = _one_or_some(teachers)
    return found


def _one_or_some(found: Found) -> Any:
    return found.one if found.one is not None and not found.together else _plain(list(found.ids))


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def figures(judged: Sequence[Judged]) -> dict[str, Figures]:
    """The figures by language, and of all under "all"."""
    found: dict[str, Figures] = {}
    for one in judged:
        for name in (one.language, "all"):
            found.setdefault(name, Figures()).add(one)
    return dict(sorted(found.items(), key=lambda entry: (entry[0] == "all", entry[0])))


def report(judged: Sequence[Judged]) -> Iterator[str]:
    """The figures as a table, per language and then per kind; per cent."""
    yield f"{'language':<10}{'phrases':>8}{'exact':>8}"
    counted = figures(judged)
    for name, one in counted.items():
        yield f"{name:<10}{one.phrases:>8}{100 * one.exact:>8.1f}"
    yield ""
    yield f"{'kind':<10}{'expected':>9}{'precision':>11}{'recall':>8}"
    everything = counted["all"]
    for kind in KINDS:
        if everything.expected[kind] or everything.found[kind]:
            precise, whole = everything.found[kind], everything.expected[kind]
            yield (
                f"{kind:<10}{whole:>9}{100 * everything.both[kind] / max(precise, 1):>11.1f}"
                f"{100 * everything.both[kind] / max(whole, 1):>8.1f}"
            )
