"""The trained model behind the embedding: probabilities of all intents from a text and its vector.

Rasa's side and the product run this very code on the same stored numbers. Nothing of the app may be imported here,
and no syntax newer than Python 3.10 be used: `rasa train` imports this module.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.understanding import e5_text
from bot.understanding.e5_text import Space
from bot.understanding.letters import LONGEST, Letters
from bot.understanding.softmax_fit import Dense, Sparse, fit


@dataclass(frozen=True)
class Recipe:
    """How to train: a block's scale is its freedom (larger: less regularised)."""

    landmarks: int = 4500
    width: float = 1.0
    scale: float = 6.0
    pieces: int = 45_000
    letter_scale: float = 5.0
    rounds: int = 150


@dataclass(frozen=True)
class Head:
    """A linear model on two views of a text: its embedding's nearness to landmarks, and its pieces of words."""

    classes: tuple[str, ...]
    space: Space
    letters: Letters
    by_nearness: Any  # (classes, landmarks)
    by_piece: Any  # (pieces, classes): a text picks few rows
    intercepts: Any  # (classes,)

    def probabilities(self, text: str, vector: Any) -> Any:
        """A share for each class, in the order of `classes`; they add up to 1."""
        scores = self.by_nearness @ self.space.nearness(vector[None, :])[0] + self.intercepts
        columns, values = self.letters.row(text)
        scores = scores + values @ self.by_piece[columns]
        raised = np.exp(scores - scores.max())
        return raised / raised.sum()

    def files(self) -> dict[str, bytes]:
        """The head as the files of an archive; what is rounded here is rounded for both sides."""
        arrays = {
            "mean": self.space.mean, "landmarks": self.space.landmarks, "intercepts": self.intercepts,
            "by_nearness": self.by_nearness.astype(np.float32), "by_piece": self.by_piece.astype(np.float16),
            "rarity": self.letters.rarity,
        }  # fmt: skip
        settings = {
            "classes": self.classes, "cut": e5_text.CUT, "longest": LONGEST, "width": self.space.width,
            "letter_scale": self.letters.scale, "pieces": list(self.letters.places),
        }  # fmt: skip
        found = {f"{name}.npy": _packed(array) for name, array in arrays.items()}
        return {**found, "head.json": json.dumps(settings, ensure_ascii=False).encode()}

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> Head:
        """The head from those files. KeyError or ValueError when one is missing or does not fit the others."""
        settings = json.loads(files["head.json"])
        if (settings["cut"], settings["longest"]) != (e5_text.CUT, LONGEST):
            raise ValueError("trained on other cuts of the text")
        places = {piece: at for at, piece in enumerate(settings["pieces"])}
        head = cls(
            tuple(map(str, settings["classes"])),
            Space(_array(files, "mean"), _array(files, "landmarks"), float(settings["width"])),
            Letters(places, _array(files, "rarity"), float(settings["letter_scale"])),
            _array(files, "by_nearness").astype(np.float64),
            _array(files, "by_piece").astype(np.float32),
            _array(files, "intercepts"),
        )
        head._check()
        return head

    def _check(self) -> None:
        classes, terms = len(self.classes), len(self.letters.places)
        points = self.space.landmarks.shape
        fits = (
            classes >= 2 and len(points) == 2 and self.space.mean.shape == points[1:]
            and self.by_nearness.shape == (classes, points[0]) and self.by_piece.shape == (terms, classes)
            and self.letters.rarity.shape == (terms,) and self.intercepts.shape == (classes,)
        )  # fmt: skip
        if not fits:
            raise ValueError(f"weights, landmarks {points} and {classes} intents differ in size")


def train_head(texts: Sequence[str], intents: Sequence[str], vectors: Any, recipe: Recipe) -> Head:
    """Learn from texts, their intents and their embeddings (n, d). ValueError when there are no two intents."""
    classes = sorted(set(intents))
    if len(classes) < 2:
        raise ValueError("there are no training texts of two intents or more")
    places = {name: at for at, name in enumerate(classes)}
    space = Space.of(texts, vectors, recipe.landmarks, recipe.width)
    letters = Letters.of(texts, recipe.pieces, recipe.letter_scale)
    near = Dense((space.features(vectors) * recipe.scale).astype(np.float32))
    spelt = Sparse.of([letters.row(text) for text in texts], len(letters.places))
    labels = np.array([places[name] for name in intents])
    (nearness, piece), intercepts = fit((near, spelt), labels, len(classes), recipe.rounds)
    on_nearness = space.on_nearness(nearness) * recipe.scale
    trained = Head(tuple(classes), space, letters, on_nearness, piece.T, intercepts)
    return Head.read(trained.files())  # with the rounding of the archive


def _packed(array: Any) -> bytes:
    out = io.BytesIO()
    np.save(out, np.asarray(array), allow_pickle=False)
    return out.getvalue()


def _array(files: Mapping[str, bytes], name: str) -> Any:
    return np.load(io.BytesIO(files[f"{name}.npy"]), allow_pickle=False)
