"""Multinomial logistic regression on several blocks of features at once, with numpy alone. Training only.

Rasa's own LogisticRegressionClassifier would copy the dense features into a sparse matrix: many times slower.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

MEMORY = 10
"""Steps whose curvature the search remembers (L-BFGS)."""


class Block(Protocol):
    """Features of all texts, of one kind."""

    @property
    def width(self) -> int:
        """How many features."""

    def times(self, weights: Any) -> Any:
        """Scores (n, classes) from weights (classes, width)."""

    def back(self, residue: Any) -> Any:
        """Slopes (classes, width) from what each text's scores are off (n, classes)."""


@dataclass(frozen=True)
class Dense:
    """Features that nearly all texts have."""

    matrix: Any  # (n, width) float32

    @property
    def width(self) -> int:
        """How many features."""
        return int(self.matrix.shape[1])

    def times(self, weights: Any) -> Any:
        """Scores (n, classes)."""
        return self.matrix @ weights.T

    def back(self, residue: Any) -> Any:
        """Slopes (classes, width)."""
        return residue.T @ self.matrix


@dataclass(frozen=True)
class Sparse:
    """Features that few texts have: for each value its text and its feature."""

    rows: Any
    columns: Any
    values: Any
    count: int
    width: int

    @classmethod
    def of(cls, rows: Sequence[tuple[Any, Any]], width: int) -> Sparse:
        """From (columns, values) of every text."""
        sizes = [len(columns) for columns, _ in rows]
        every = np.repeat(np.arange(len(rows)), sizes)
        columns = np.concatenate([columns for columns, _ in rows])
        return cls(every, columns, np.concatenate([values for _, values in rows]), len(rows), width)

    def times(self, weights: Any) -> Any:
        """Scores (n, classes)."""
        sums = [np.bincount(self.rows, self.values * w[self.columns], self.count) for w in weights]
        return np.stack(sums, axis=1)

    def back(self, residue: Any) -> Any:
        """Slopes (classes, width)."""
        turned = np.ascontiguousarray(residue.T)
        return np.stack([np.bincount(self.columns, self.values * r[self.rows], self.width) for r in turned])


def fit(blocks: Sequence[Block], labels: Any, classes: int, rounds: int) -> tuple[list[Any], Any]:
    """Weights (classes, width) of each block and intercepts (classes,), after `rounds` steps of the search at most.

    `labels` are class numbers. Every class weighs the same, however many texts it has. The penalty is half the
    squared weights: the blocks' scale steers it.
    """
    cuts = np.cumsum([block.width for block in blocks])
    truth = np.eye(classes, dtype=np.float32)[labels]
    share = (len(labels) / (classes * np.maximum(truth.sum(axis=0), 1)))[labels].astype(np.float32)

    def loss(point: Any) -> tuple[float, Any]:
        table = point.reshape(classes, -1)
        parts = np.split(table.astype(np.float32), cuts, axis=1)
        scores = sum(block.times(part) for block, part in zip(blocks, parts, strict=False)) + parts[-1][:, 0]
        logs = scores - scores.max(axis=1, keepdims=True)
        logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
        residue = ((np.exp(logs) - truth) * share[:, None]).astype(np.float32)
        slopes = [*(block.back(residue) for block in blocks), residue.sum(axis=0)[:, None]]
        penalised = table * np.append(np.ones(cuts[-1]), 0.0)  # not the intercepts
        value = 0.5 * float((penalised**2).sum()) - float((share * logs[truth > 0]).sum(dtype=np.float64))
        return value, (np.concatenate(slopes, axis=1) + penalised).ravel()

    best = descend(loss, np.zeros(classes * (int(cuts[-1]) + 1)), rounds).reshape(classes, -1)
    *weights, intercepts = np.split(best, cuts, axis=1)
    return weights, intercepts[:, 0]


def descend(loss: Callable[[Any], tuple[float, Any]], start: Any, rounds: int) -> Any:
    """The point where a smooth, bulging loss is least, or where `rounds` steps of L-BFGS lead."""
    point, (value, slope) = start, loss(start)
    known: deque[tuple[Any, Any]] = deque(maxlen=MEMORY)
    for _ in range(rounds):
        way = -_curved(slope, known)
        length, fall = (1.0 if known else 1.0 / max(1.0, float(np.linalg.norm(slope)))), float(slope @ way)
        ahead, (higher, steeper) = point + length * way, loss(point + length * way)
        while higher > value + 1e-4 * length * fall:
            length *= 0.5
            if length < 1e-6:  # nothing left but rounding
                return point
            ahead, (higher, steeper) = point + length * way, loss(point + length * way)
        if (ahead - point) @ (steeper - slope) > 1e-12:
            known.append((ahead - point, steeper - slope))
        done = value - higher <= 1e-7 * max(abs(value), 1.0)
        point, value, slope = ahead, higher, steeper
        if done:
            break
    return point


def _curved(slope: Any, known: deque[tuple[Any, Any]]) -> Any:
    """The slope, divided by the curvature as the latest steps have felt it (two-loop recursion)."""
    way, shares = slope.copy(), []
    for step, change in reversed(known):
        shares.append((step @ way) / (step @ change))
        way -= shares[-1] * change
    if known:
        step, change = known[-1]
        way *= (step @ change) / (change @ change)
    for (step, change), share in zip(known, reversed(shares), strict=True):
        way += (share - (change @ way) / (step @ change)) * step
    return way
