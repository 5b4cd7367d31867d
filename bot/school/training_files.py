"""Labelled texts as Rasa's training files: <folder>/<language>/<intent>.yml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot.model.errors import BadInput
from bot.storage.review_texts import ReviewText, list_labelled

FileTexts = Mapping[Path, Sequence[ReviewText]]


def collect(session: Session, folder: Path, language: str | None, *, exported_too: bool) -> FileTexts:
    """The texts of every file to be written below `folder`. Without `exported_too` only those not given out yet."""
    found: dict[Path, list[ReviewText]] = {}
    for text in list_labelled(session, language, exported_too=exported_too):
        found.setdefault(folder / text.language / f"{text.label}.yml", []).append(text)
    return {path: found[path] for path in sorted(found)}


def write(files: FileTexts, now: datetime, *, force: bool) -> int:
    """Write the files and mark their texts as given out, in the caller's transaction. How many texts.

    BadInput, and nothing written, when a file is there already and `force` does not allow to replace it.
    """
    there = [str(path) for path in files if path.exists()]
    if there and not force:
        raise BadInput(f"these files are there already (--force replaces them): {', '.join(there)}")
    for path, texts in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_rasa(str(texts[0].label), [text.text for text in texts]), encoding="utf-8")
        for text in texts:
            text.exported_at = now
    return sum(len(texts) for texts in files.values())


def as_rasa(intent: str, texts: Sequence[str]) -> str:
    """One intent's examples in Rasa's format, version 3.1."""
    lines = (f"    - {' '.join(text.split())}" for text in texts)
    return "\n".join(('version: "3.1"', "nlu:", f"- intent: {intent}", "  examples: |", *lines, ""))
