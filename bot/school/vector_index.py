"""All vectors of one kind in memory, and how near each owner comes to a question: one product, no loops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy.orm import Session

from bot.school import shipped_vectors
from bot.school.average_questions import ANY, FILE
from bot.storage.knowledge import Embedding, list_vectors, vectors_mark

BEST = 5
"""So many of an owner's nearest questions are averaged: one alone may be near by chance."""

CENTER_AFTER = 50
"""Of how many questions an index knows as much of a language's average as the shipped one."""

_NOWHERE = -2.0


@dataclass(frozen=True, slots=True)
class Index:
    """Vectors of many owners in one matrix, the rows of a question beside each other.

    `starts` are the first rows of each question (or passage); `cells` say where in a table of
    `owners` × `width` its likeness goes, `passages` which of them is the owner's own text.
    """

    owners: Any
    matrix: Any
    starts: Any
    cells: Any
    passages: Any
    width: int
    averages: Mapping[str, Any]

    def scores(self, vector: Any, language: str) -> Any:
        """For each owner the mean of its nearest question, its nearest five, and its own text; 0.3 ms for 2,500 rows."""
        likeness = np.maximum.reduceat(self.matrix @ self._centred(vector, language), self.starts)
        table = np.full((len(self.owners), self.width), _NOWHERE, dtype=np.float32)
        table.flat[self.cells[~self.passages]] = likeness[~self.passages]
        best = -np.sort(-table, axis=1)[:, :BEST]
        counted = best > _NOWHERE
        nearest = np.where(counted, best, 0).sum(axis=1) / np.maximum(counted.sum(axis=1), 1)
        own = np.full(len(self.owners), _NOWHERE, dtype=np.float32)
        own[self.cells[self.passages] // self.width] = likeness[self.passages]
        parts = np.stack([best[:, 0], np.where(counted[:, 0], nearest, _NOWHERE), own])
        there = parts > _NOWHERE
        return np.where(there, parts, 0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)

    def _centred(self, vector: Any, language: str) -> Any:
        average = self.averages.get(language, self.averages.get(ANY, 0.0))
        return _unit(np.asarray(vector, dtype=np.float32) - average)


def load(session: Session, kind: str, embedder: str) -> Index:
    """The index of one kind, kept in memory until its rows change."""
    pool = session.get_bind().engine.pool
    kept = _KEPT.setdefault(pool, {})
    mark = vectors_mark(session, kind)
    found = kept.get((kind, embedder))
    if found is None or found[0] != mark:
        rows = list_vectors(session, kind, embedder)
        found = kept[kind, embedder] = (mark, make_index(rows, shipped_vectors.load(FILE, embedder)))
    return found[1]


_KEPT: WeakKeyDictionary[Any, dict[tuple[str, str], tuple[object, Index]]] = WeakKeyDictionary()


def make_index(rows: Sequence[Embedding], averages: Mapping[str, Any]) -> Index:
    """The index of these rows, which must be in the order of owner and part."""
    owner_of = np.array([row.owner_id for row in rows], dtype=np.int64)
    owners, at = np.unique(owner_of, return_inverse=True)
    groups = np.array([(row.part + 1) // 2 for row in rows], dtype=np.int64)
    width = int(groups.max()) + 1 if rows else 1
    cells, starts = np.unique(at * width + groups, return_index=True)
    vectors = [np.frombuffer(row.vector, dtype="<f4") for row in rows]
    matrix = np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)
    return Index(
        owners=owners,
        matrix=_without_averages(matrix, [_sort(row) for row in rows], averages) if averages else matrix,
        starts=starts,
        cells=cells,
        passages=groups[starts] == 0,
        width=width,
        averages=averages,
    )


def _sort(row: Embedding) -> tuple[str, str]:
    """Rows with one average: the questions of a language, and the texts of a language."""
    return row.language, "text" if row.part == 0 else "question"


def _without_averages(matrix: Any, sorts: Sequence[tuple[str, str]], averages: Mapping[str, Any]) -> Any:
    centred = np.empty_like(matrix)
    for sort in set(sorts):
        mine = np.array([one == sort for one in sorts])
        known = averages.get(sort[0], averages[ANY])
        average = (matrix[mine].sum(axis=0) + CENTER_AFTER * known) / (mine.sum() + CENTER_AFTER)
        centred[mine] = _unit(matrix[mine] - average)
    return centred


def _unit(vectors: Any) -> Any:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(length == 0, 1, length)
