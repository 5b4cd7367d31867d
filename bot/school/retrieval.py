"""Finding by meaning, across languages: vectors of texts as rows, compared in memory with what was asked.

A text is found by its own vector and by those of example questions. Vectors are tied to a hash of
the texts they were made of, so a changed text is found to be stale and made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy.orm import Session

from bot.model.ports import Embedder
from bot.storage.knowledge import Embedding, delete_vectors, list_vectors, vectors_mark


@dataclass(frozen=True, slots=True)
class Source:
    """What one owner is found by: a text that answers (or none) and questions that ask for it."""

    kind: str
    owner_id: int
    passage: str | None
    questions: tuple[str, ...]

    @property
    def version(self) -> str:
        """Changes with any of the texts."""
        joined = "\0".join((self.passage or "", *self.questions))
        return hashlib.sha256(joined.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Made:
    """Vectors ready to be stored: part number and vector of each text of a source."""

    source: Source
    embedder: str
    vectors: tuple[tuple[int, bytes], ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Vectors of many owners in one matrix. Row i belongs to `owners[i]`; `passages[i]` says of which sort."""

    owners: Any
    passages: Any
    matrix: Any

    def select(self, owner_ids: Sequence[int]) -> Index:
        """The same, for these owners only."""
        kept = np.isin(self.owners, np.array(owner_ids, dtype=np.int64))
        return Index(self.owners[kept], self.passages[kept], self.matrix[kept])


def stale(session: Session, sources: Sequence[Source], embedder: str) -> list[Source]:
    """Those sources whose stored vectors are missing, incomplete or made of an older text."""
    have: dict[tuple[str, int], list[str]] = {}
    for kind in {source.kind for source in sources}:
        for row in list_vectors(session, kind, embedder):
            have.setdefault((kind, row.owner_id), []).append(row.version)
    return [source for source in sources if have.get((source.kind, source.owner_id)) != _versions(source)]


def make(source: Source, embedder: Embedder) -> Made:
    """The vectors of one source. Takes up to 0.3 s: do it outside a transaction where many are made."""
    vectors: list[tuple[int, bytes]] = []
    if source.passage is not None:
        vectors.append((0, _bytes(embedder.embed_passages([source.passage])[0])))
    for part, vector in enumerate(embedder.embed(source.questions), 1):
        vectors.append((part, _bytes(vector)))
    return Made(source, embedder.version, tuple(vectors))


def store(session: Session, made: Made, now: datetime) -> None:
    """Put the vectors of one source in the place of older ones."""
    source = made.source
    delete_vectors(session, source.kind, [source.owner_id], made.embedder)
    for part, vector in made.vectors:
        session.add(
            Embedding(
                owner_kind=source.kind,
                owner_id=source.owner_id,
                part=part,
                version=source.version,
                embedder=made.embedder,
                vector=vector,
                made_at=now,
            )
        )
    session.flush()


def load(session: Session, kind: str, embedder: str) -> Index:
    """The index of one kind, kept in memory until its rows change."""
    pool = session.get_bind().engine.pool
    kept = _KEPT.setdefault(pool, {})
    mark = vectors_mark(session, kind)
    found = kept.get((kind, embedder))
    if found is None or found[0] != mark:
        found = kept[kind, embedder] = (mark, _read(session, kind, embedder))
    return found[1]


_KEPT: WeakKeyDictionary[Any, dict[tuple[str, str], tuple[object, Index]]] = WeakKeyDictionary()


def _read(session: Session, kind: str, embedder: str) -> Index:
    rows = list_vectors(session, kind, embedder)
    vectors = [np.frombuffer(row.vector, dtype="<f4") for row in rows]
    return Index(
        np.array([row.owner_id for row in rows], dtype=np.int64),
        np.array([row.part == 0 for row in rows], dtype=bool),
        np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32),
    )


def _versions(source: Source) -> list[str]:
    return [source.version] * ((source.passage is not None) + len(source.questions))


def _bytes(vector: Any) -> bytes:
    return np.asarray(vector, dtype="<f4").tobytes()
