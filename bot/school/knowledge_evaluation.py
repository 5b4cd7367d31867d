"""Figures on held-out questions: is the right article found, and is nothing answered that no article knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from bot.model.errors import BadInput
from bot.model.ports import Embedder
from bot.model.yaml_text import read_yaml
from bot.school.knowledge import OFFERED, Asked, find, rank
from bot.storage.knowledge import Article


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One question, and the slugs of the articles that answer it (none: it must be refused)."""

    language: str
    text: str
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a question: slugs by fit, the answer given at once, what was offered by title."""

    question: HeldOut
    ranking: tuple[str, ...]
    answer: str | None
    offered: tuple[str, ...]

    @property
    def right(self) -> bool:
        """True when the answer given is one of those wanted."""
        return self.answer in self.question.articles


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1; None where there is nothing to count. The first five are of those with an answer."""

    questions: int
    first: float | None  # a right article fits best
    three: float | None  # a right article is among the three that fit best
    answered: float | None  # an article is given at once
    right: float | None  # of these: a right one
    reached: float | None  # a right article is given, or offered by title
    refused: float | None  # of those without an answer: none is given
    silent: float | None  # of those without an answer: none is given and none offered


def read_questions(folder: Path) -> list[HeldOut]:
    """The questions of every `<tag>.yml`: `answerable` with text and article, `unanswerable` with text. BadInput."""
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise BadInput(f"{folder}: no .yml files in it.")
    return [question for file in files for question in _read(file)]


def _read(file: Path) -> Iterator[HeldOut]:
    try:
        content: Any = read_yaml(file.read_text(encoding="utf-8"))
        language = str(content["language"])
        for item in content["answerable"]:
            wanted = item["article"]
            slugs = [wanted] if isinstance(wanted, str) else wanted
            yield HeldOut(language, str(item["text"]), tuple(str(slug) for slug in slugs))
        for item in content.get("unanswerable", ()):
            yield HeldOut(language, str(item["text"]))
    except (yaml.YAMLError, KeyError, TypeError, UnicodeError) as error:
        raise BadInput(f"{file}: no list of held-out questions ({error!r}).") from error


def judge(session: Session, questions: Iterable[HeldOut], embedder: Embedder) -> list[Verdict]:
    """Ask every question, as a family whose language it is in."""
    slugs: dict[int, str] = {article.id: article.slug for article in session.query(Article)}
    verdicts = []
    for question in questions:
        asked = Asked(question.text, question.language, embedder.embed([question.text])[0])
        ranking = rank(session, asked, embedder.version)
        finding = find(session, asked, embedder.version)
        verdicts.append(
            Verdict(
                question,
                tuple(slugs[key] for key in ranking.keys),
                finding.answer.slug if finding.answer else None,
                tuple(article.slug for article in finding.candidates),
            )
        )
    return verdicts


def figures(verdicts: Sequence[Verdict]) -> Figures:
    """The figures of one set."""
    known = [v for v in verdicts if v.question.articles]
    unknown = [v for v in verdicts if not v.question.articles]
    return Figures(
        len(verdicts),
        _share(bool(set(v.ranking[:1]) & set(v.question.articles)) for v in known),
        _share(bool(set(v.ranking[:OFFERED]) & set(v.question.articles)) for v in known),
        _share(v.answer is not None for v in known),
        _share(v.right for v in known if v.answer is not None),
        _share(v.right or bool(set(v.offered) & set(v.question.articles)) for v in known),
        _share(v.answer is None for v in unknown),
        _share(v.answer is None and not v.offered for v in unknown),
    )


def _share(hits: Iterable[bool]) -> float | None:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else None


def report(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """The lines that `knowledge test` prints."""
    yield f"{'language':<10}questions  first  three answered  right reached refused silent"
    for tag in sorted({v.question.language for v in verdicts}):
        yield _row(tag, [v for v in verdicts if v.question.language == tag])
    for name, half in (("1st half", 0), ("2nd half", 1), ("all", None)):
        yield _row(name, list(verdicts) if half is None else halves(verdicts)[half])
    yield ""
    yield "first, three: a right article fits best, is among the best three. answered: one is given at once. right: of"
    yield "these a right one. reached: a right one is given or offered by title. refused: no article answers it and"
    yield "none is given. silent: nor is any offered. Per cent. Weights and thresholds were chosen on the 1st half:"
    yield "every other question, beginning with the first of each list."


def halves(verdicts: Sequence[Verdict]) -> tuple[list[Verdict], list[Verdict]]:
    """Every other question of each language, with and without an answer: those chosen on, and those that tell."""
    split: tuple[list[Verdict], list[Verdict]] = ([], [])
    met: dict[tuple[str, bool], int] = {}
    for verdict in verdicts:
        key = (verdict.question.language, bool(verdict.question.articles))
        split[met.get(key, 0) % 2].append(verdict)
        met[key] = met.get(key, 0) + 1
    return split


def _row(name: str, verdicts: Sequence[Verdict]) -> str:
    found = figures(verdicts)
    shares = (
        found.first,
        found.three,
        found.answered,
        found.right,
        found.reached,
        found.refused,
        found.silent,
    )
    widths = (6, 6, 8, 6, 7, 7, 6)
    cells = (
        f"{'–' if share is None else f'{100 * share:.1f}':>{w}}"
        for share, w in zip(shares, widths, strict=True)
    )
    return f"{name:<10}{found.questions:>9} " + " ".join(cells)
