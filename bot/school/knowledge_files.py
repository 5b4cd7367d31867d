"""One YAML file (or a list in it) → what it says of an article, checked key by key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.model.yaml_text import read_yaml
from bot.school.tabular.languages import find_tag
from bot.school.tabular.problems import Findings

_REQUIRED = ("slug", "topic", "title", "text", "questions", "source", "checked")
_KEYS = frozenset({*_REQUIRED, "link", "questions_in", "translations"})
_REVIEWS = ("pending", "reviewed")


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """One article as its file gives it."""

    slug: str
    words: Mapping[str, Any]
    translations: Mapping[str, Mapping[str, str]]
    questions_in: Mapping[str, list[str]]

    @property
    def version(self) -> str:
        """Changes with title, text or questions, and with nothing else."""
        parts = [self.words["title"], self.words["text"], self.words["questions"]]
        parts += [part for tag, asked in sorted(self.questions_in.items()) for part in (tag, *asked)]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def read_articles(folder: Path, findings: Findings) -> Iterator[tuple[str, ArticleFile]]:
    """Every usable article of `*.yml` and `*.yaml` in `folder`, with the name of its file."""
    for path in sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]):
        try:
            # an article's file is data: the safe loader, in C where libyaml is there
            content = read_yaml(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else None
            findings.add("article-text", path.name, line, value=str(error).split("\n")[0])
            continue
        for item in content if isinstance(content, list) else [content]:
            source = _read(item, path.name, findings)
            if source:
                yield path.name, source


def _read(item: Any, file: str, findings: Findings) -> ArticleFile | None:
    if not isinstance(item, dict):
        findings.add("article-key", file, None, "slug", "")
        return None
    words = _words(item)
    needed = {*_REQUIRED, "link"} if item.get("link") else {*_REQUIRED}
    wrong = [key for key in needed if words.get(key) is None]
    wrong += [str(key) for key in item if key not in _KEYS]
    for key in sorted(wrong):
        findings.add("article-key", file, None, key, str(item.get(key, ""))[:60])
    if wrong:
        return None
    translations = _translations(item.get("translations") or {}, file, findings)
    return ArticleFile(words["slug"], words, translations, _questions_in(item, file, findings))


def _words(item: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are of the right kind; the others are missing from the result."""
    words: dict[str, Any] = {key: text for key in _KEYS if (text := _text(item.get(key)))}
    questions = _lines(item.get("questions"))
    if questions:
        words["questions"] = "\n".join(questions)
    else:
        words.pop("questions", None)
    words["checked"] = _day(item.get("checked"))
    return words


def _lines(value: Any) -> list[str] | None:
    """A list of texts, each on one line; None when it is something else, or empty."""
    if not isinstance(value, list) or not all(_text(line) for line in value):
        return None
    return [" ".join(line.split()) for line in value] or None


def _questions_in(item: Mapping[str, Any], file: str, findings: Findings) -> dict[str, list[str]]:
    """Example questions in other languages than the article's own, by tag."""
    found: dict[str, list[str]] = {}
    given = item.get("questions_in") or {}
    for name, lines in (given if isinstance(given, dict) else {"?": None}).items():
        tag, _ = find_tag(str(name))
        questions = _lines(lines)
        if tag and questions:
            found[tag] = questions
        else:
            findings.add("article-key", file, None, f"questions_in.{name}", str(lines)[:60])
    return found


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _day(value: Any) -> date | None:
    try:
        found = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return found if type(found) is date else None


def _translations(given: Any, file: str, findings: Findings) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, item in (given if isinstance(given, dict) else {"?": None}).items():
        tag, _ = find_tag(str(name))
        parts = item if isinstance(item, dict) else {}
        title, text = _text(parts.get("title")), _text(parts.get("text"))
        review = parts.get("review", "pending")
        if tag and title and text and review in _REVIEWS:
            found[tag] = {"title": title, "text": text, "review": review}
        else:
            findings.add("translation-key", file, None, f"translations.{name}")
    return found
