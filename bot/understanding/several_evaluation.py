"""Figures on held-out texts with several requests, and on stories in several sentences that are one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.model.errors import BadInput
from bot.model.yaml_text import read_yaml
from bot.understanding.understand import Understander

Intents = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SplitVerdict:
    """One text: the requests it holds (none: it is one request) and those that were found, in order."""

    language: str
    text: str
    meant: Intents
    found: Intents

    @property
    def right(self) -> bool:
        """Whether just these requests were found, in this order."""
        return self.found == self.meant


def judge_splits(understander: Understander, folder: Path) -> list[SplitVerdict]:
    """Understand every text of <folder>/<tag>.yml (`several`: text and intents; `one`: texts). BadInput for another format."""
    verdicts = []
    for file in sorted(folder.glob("*.yml")):
        for text, meant in read_texts(file):
            parts = understander.understand(text, preferred=file.stem).parts
            verdicts.append(SplitVerdict(file.stem, text, meant, tuple(part.intent.name for part in parts)))
    if not verdicts:
        raise BadInput(f"{folder}: no .yml files with texts")
    return verdicts


def split_right(verdicts: Sequence[SplitVerdict]) -> float:
    """The share of the texts with several requests whose requests were all found, in order."""
    return _share([verdict.right for verdict in verdicts if verdict.meant])


def split_wrongly(verdicts: Sequence[SplitVerdict]) -> float:
    """The share of the texts with one request in which several were seen."""
    return _share([not verdict.right for verdict in verdicts if not verdict.meant])


def report_splits(verdicts: Sequence[SplitVerdict]) -> Iterator[str]:
    """The lines that `nlu several` prints: figures per language, and every text that went wrong."""
    yield f"{'language':<12}several right    one wrong"
    for tag in (*sorted({verdict.language for verdict in verdicts}), "all"):
        own = [verdict for verdict in verdicts if tag in (verdict.language, "all")]
        several = sum(1 for verdict in own if verdict.meant)
        yield (
            f"{tag:<12}{several:>7} {100 * split_right(own):5.1f} {len(own) - several:>6} {100 * split_wrongly(own):5.1f}"
        )
    yield ""
    for verdict in verdicts:
        if not verdict.right:
            meant, found = ("+".join(intents) or "one" for intents in (verdict.meant, verdict.found))
            yield f"{verdict.language}  {meant} -> {found}  {verdict.text!r}"
    yield ""
    yield "right: all requests found, in order. wrong: one request taken for several. Shares in per cent."


def read_texts(file: Path) -> Iterator[tuple[str, Intents]]:
    """The texts of one file with the requests in each; none for those that are one request. BadInput."""
    try:
        written = read_yaml(file.read_text(encoding="utf-8"))
        several = [(str(entry["text"]), tuple(map(str, entry["intents"]))) for entry in written["several"]]
        yield from several
        yield from ((str(text), ()) for text in written["one"])
    except (yaml.YAMLError, KeyError, TypeError, UnicodeError) as error:
        raise BadInput(f"{file}: wants `several` (text, intents) and `one` (texts) ({error!r})") from error


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0
