"""What is embedded of a text, and where its embedding lies among landmarks: shared by training and serving.

Nothing of the app may be imported here, and no syntax newer than Python 3.10 be used: `rasa train`
imports this module. One line changed here makes the trained archives stale (train --check says so).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

CUT = 300
"""Characters that are embedded. The time grows with the length: 1,600 words would take seconds."""

PROBE = "query probe: ¿a qué hora abre la escuela? 学校几点开门 متى تفتح المدرسة"
"""A fixed text, embedded at training and again at load: tells whether both sides embed alike."""

JITTER = 1e-3
"""Added to each landmark's nearness to itself, so that two alike landmarks do no harm."""


def prepare(text: str) -> str:
    """The text as it is embedded: cut, without NUL (the C library would stop there), lower-case, cut again.

    Cut twice: the first bounds the work, the second the result ("İ".lower() has two characters).
    """
    return text[:CUT].replace("\0", " ").lower()[:CUT]


@dataclass(frozen=True)
class Space:
    """What training learns of the embeddings: their mean and some of them as landmarks.

    A linear model on 384 numbers is too narrow for many languages at once. Here a text is described by its nearness to
    every landmark (a Gaussian kernel) instead, so that the classifier behind it draws curved borders (Nyström's method).
    """

    mean: Any  # (d,)
    landmarks: Any  # (m, d) float32, centred; half precision's values, so of length 1 up to that rounding
    width: float

    @classmethod
    def of(cls, texts: Sequence[str], vectors: Any, count: int, width: float) -> Space:
        """The space of these different training texts; which `count` of them are landmarks depends on their letters alone."""
        mean = np.asarray(vectors).mean(axis=0, dtype=np.float64).astype(np.float32)
        order = sorted(range(len(texts)), key=lambda at: hashlib.sha256(texts[at].encode()).digest())
        chosen = _centred(np.asarray(vectors)[order[:count]], mean)
        # The archive keeps half precision. What is learnt on and what is served are these rounded values.
        return cls(mean, chosen.astype(np.float16).astype(np.float32), width)

    def nearness(self, vectors: Any) -> Any:
        """Unit embeddings (n, d) to their nearness, 0 to 1, to each landmark: (n, m)."""
        products = _centred(vectors, self.mean) @ self.landmarks.T
        return np.exp(np.float32(self.width) * (2 * products - 2))

    def features(self, vectors: Any) -> Any:
        """What the classifier is trained on (n, m): the same nearness, made independent of how close landmarks lie."""
        return self.nearness(vectors) @ np.linalg.inv(self._root()).T.astype(np.float32)

    def on_nearness(self, weights: Any) -> Any:
        """Weights (classes, m) learned on `features` as weights on `nearness`: the same scores, far cheaper to serve."""
        return np.linalg.solve(self._root().T, np.asarray(weights, dtype=np.float64).T).T

    def _root(self) -> Any:
        """Cholesky's root of the landmarks' nearness to each other; it has no freedom of sign, unlike eigenvectors."""
        points = self.landmarks.astype(np.float64)
        near = np.exp(self.width * (2.0 * points @ points.T - 2.0))
        return np.linalg.cholesky(near + JITTER * np.eye(len(points)))


def _centred(vectors: Any, mean: Any) -> Any:
    """Minus the mean, length 1: E5 leaves all vectors in a narrow cone, centring spreads them."""
    return _unit(np.asarray(vectors, dtype=np.float32) - np.asarray(mean, dtype=np.float32))


def _unit(rows: Any) -> Any:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
