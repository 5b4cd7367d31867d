"""What texts are found by, across languages: vectors as rows, tied to a hash of the texts they were made of.

A text is found by its own vector and by those of example questions, of which those with accents are kept
without them too, as many people type. A changed text is found to be stale and its vectors are made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from bot.model.ports import Embedder
from bot.school.search_words import without_accents
from bot.storage.knowledge import add_vectors, delete_vectors, vector_versions


@dataclass(frozen=True, slots=True)
class Question:
    """An example of how people ask, and the tag of its language."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """What one owner is found by: a text that answers (or none) and questions that ask for it."""

    kind: str
    owner_id: int
    passage: Question | None
    questions: tuple[Question, ...]

    @property
    def version(self) -> str:
        """Changes with any of the texts."""
        texts = ((question.language, question.text) for _, question in self.parts())
        joined = "\0".join(part for text in texts for part in text)
        return hashlib.sha256(joined.encode()).hexdigest()[:16]

    def parts(self) -> Iterator[tuple[int, Question]]:
        """Every text that gets a vector: 0 the passage; 1, 3, … the questions; 2, 4, … these without accents."""
        if self.passage is not None:
            yield 0, self.passage
        for number, question in enumerate(self.questions):
            yield 2 * number + 1, question
            plain = without_accents(question.text)
            if plain != question.text:
                yield 2 * number + 2, Question(question.language, plain)


@dataclass(frozen=True, slots=True)
class Made:
    """Vectors ready to be stored: part number and vector of each text of a source."""

    source: Source
    embedder: str
    vectors: tuple[tuple[int, bytes], ...]


def stale(session: Session, sources: Sequence[Source], embedder: str) -> list[Source]:
    """Those sources whose stored vectors are missing, incomplete or made of an older text."""
    have: dict[tuple[str, int], list[str]] = {}
    for kind in {source.kind for source in sources}:
        for owner_id, version in vector_versions(session, kind, embedder):
            have.setdefault((kind, owner_id), []).append(version)
    return [source for source in sources if have.get((source.kind, source.owner_id)) != _versions(source)]


def make(source: Source, embedder: Embedder) -> Made:
    """The vectors of one source. Takes up to 1 s: do it outside a transaction where many are made."""
    vectors = []
    for part, question in source.parts():
        embed = embedder.embed_passages if part == 0 else embedder.embed
        vectors.append((part, np.asarray(embed([question.text])[0], dtype="<f4").tobytes()))
    return Made(source, embedder.version, tuple(vectors))


def store(session: Session, made: Made, now: datetime) -> None:
    """Put the vectors of one source in the place of older ones."""
    source = made.source
    version = source.version
    delete_vectors(session, source.kind, [source.owner_id], made.embedder)
    languages: dict[int, Any] = {part: question.language for part, question in source.parts()}
    rows = [
        {
            "owner_kind": source.kind,
            "owner_id": source.owner_id,
            "part": part,
            "language": languages[part],
            "version": version,
            "embedder": made.embedder,
            "vector": vector,
            "made_at": now,
        }
        for part, vector in made.vectors
    ]
    add_vectors(session, rows)


def _versions(source: Source) -> list[str]:
    return [source.version] * sum(1 for _ in source.parts())
