"""How the head is learnt: multinomial logistic regression on both views of a text, searched by SciPy. Training only.

Rasa's own LogisticRegressionClassifier would copy the dense features into a sparse matrix: many times slower.
The product serves without SciPy, and no syntax newer than Python 3.10 be used: `rasa train` imports this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

from bot.understanding.e5_text import Space
from bot.understanding.intent_head import Head
from bot.understanding.letters import Letters


@dataclass(frozen=True)
class Recipe:
    """How to train: a block's scale is its freedom (larger: less regularised)."""

    landmarks: int = 4500
    width: float = 1.0
    scale: float = 6.0
    pieces: int = 45_000
    letter_scale: float = 5.0
    rounds: int = 150


def train_head(texts: Sequence[str], intents: Sequence[str], vectors: Any, recipe: Recipe) -> Head:
    """Learn from texts, their intents and their embeddings (n, d). ValueError when there are no two intents."""
    classes = sorted(set(intents))
    if len(classes) < 2:
        raise ValueError("there are no training texts of two intents or more")
    places = {name: at for at, name in enumerate(classes)}
    space = Space.of(texts, vectors, recipe.landmarks, recipe.width)
    letters = Letters.of(texts, recipe.pieces, recipe.letter_scale)
    near = (space.features(vectors) * recipe.scale).astype(np.float32)
    spelt = few_of([letters.row(text) for text in texts], len(letters.known))
    labels = np.array([places[name] for name in intents])
    (nearness, piece), intercepts = fit((near, spelt), labels, len(classes), recipe.rounds)
    on_nearness = space.on_nearness(nearness) * recipe.scale
    trained = Head(tuple(classes), space, letters, on_nearness, piece.T, intercepts)
    return Head.read(trained.files())  # with the rounding of the archive


def few_of(rows: Sequence[tuple[Any, Any]], width: int) -> csr_array:
    """The table (n, width) of features that few texts have, from (columns, values) of every text."""
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    values = np.concatenate([values for _, values in rows]).astype(np.float32)
    return csr_array((values, columns, ends), shape=(len(rows), width))


def fit(blocks: Sequence[Any], labels: Any, classes: int, rounds: int) -> tuple[list[Any], Any]:
    """Weights (classes, width) of each block (n, width) and intercepts (classes,), after `rounds` steps at most.

    `labels` are class numbers. Every class weighs the same, however many texts it has. The penalty is half the
    squared weights: the blocks' scale steers it.
    """
    cuts = np.cumsum([block.shape[1] for block in blocks])
    truth = np.eye(classes, dtype=np.float32)[labels]
    share = (len(labels) / (classes * np.maximum(truth.sum(axis=0), 1)))[labels].astype(np.float32)

    def loss(point: Any) -> tuple[float, Any]:
        table = point.reshape(classes, -1)
        parts = np.split(table.astype(np.float32), cuts, axis=1)
        scores = sum(block @ part.T for block, part in zip(blocks, parts, strict=False)) + parts[-1][:, 0]
        logs = scores - scores.max(axis=1, keepdims=True)
        logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
        residue = ((np.exp(logs) - truth) * share[:, None]).astype(np.float32)
        slopes = [*((block.T @ residue).T for block in blocks), residue.sum(axis=0)[:, None]]
        penalised = table * np.append(np.ones(cuts[-1]), 0.0)  # not the intercepts
        value = 0.5 * float((penalised**2).sum()) - float((share * logs[truth > 0]).sum(dtype=np.float64))
        return value, (np.concatenate(slopes, axis=1) + penalised).ravel().astype(np.float64)

    start = np.zeros(classes * (int(cuts[-1]) + 1))
    # The losses are summed in single precision: smaller gains than `ftol` are rounding.
    limits = {"maxiter": rounds, "ftol": 1e-7, "maxcor": 10}
    best = minimize(loss, start, method="L-BFGS-B", jac=True, options=limits).x.reshape(classes, -1)
    *weights, intercepts = np.split(best, cuts, axis=1)
    return weights, intercepts[:, 0]
