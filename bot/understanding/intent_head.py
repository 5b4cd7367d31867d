"""The trained model behind the embedding: probabilities of all intents from a text and its vector.

Rasa's side and the product run this very code on the same stored numbers. Nothing of the app may be imported here,
and no syntax newer than Python 3.10 be used: `rasa train` imports this module.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.understanding import e5_text
from bot.understanding.e5_text import Space
from bot.understanding.letters import LONGEST, Letters


@dataclass(frozen=True)
class Head:
    """A linear model on two views of a text: its embedding's nearness to landmarks, and its pieces of words."""

    classes: tuple[str, ...]
    space: Space
    letters: Letters
    by_nearness: Any  # (classes, landmarks)
    by_piece: Any  # (pieces, classes) in half precision: a text picks few rows
    intercepts: Any  # (classes,)

    def probabilities(self, text: str, vector: Any) -> Any:
        """A share for each class, in the order of `classes`; they add up to 1."""
        scores = self.by_nearness @ self.space.nearness(vector[None, :])[0] + self.intercepts
        columns, values = self.letters.row(text)
        scores = scores + values @ self.by_piece[columns].astype(np.float32)
        raised = np.exp(scores - scores.max())
        return raised / raised.sum()

    def files(self) -> dict[str, bytes]:
        """The head as the files of an archive; what is rounded here is rounded for both sides."""
        arrays = {
            "mean": self.space.mean, "landmarks": self.space.landmarks.astype(np.float16), "intercepts": self.intercepts,
            "by_nearness": self.by_nearness.astype(np.float32), "by_piece": self.by_piece.astype(np.float16),
            "pieces": self.letters.known, "rarity": self.letters.rarity,
        }  # fmt: skip
        settings = {
            "classes": self.classes, "cut": e5_text.CUT, "longest": LONGEST, "width": self.space.width,
            "letter_scale": self.letters.scale,
        }  # fmt: skip
        found = {f"{name}.npy": _packed(array) for name, array in arrays.items()}
        return {**found, "head.json": json.dumps(settings, ensure_ascii=False).encode()}

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> Head:
        """The head from those files. KeyError or ValueError when one is missing or does not fit the others."""
        settings = json.loads(files["head.json"])
        if (settings["cut"], settings["longest"]) != (e5_text.CUT, LONGEST):
            raise ValueError("trained on other cuts of the text")
        head = cls(
            tuple(map(str, settings["classes"])),
            Space(
                _array(files, "mean"), _array(files, "landmarks").astype(np.float32), float(settings["width"])
            ),
            Letters(_array(files, "pieces"), _array(files, "rarity"), float(settings["letter_scale"])),
            _array(files, "by_nearness").astype(np.float64),
            _array(files, "by_piece"),
            _array(files, "intercepts"),
        )
        head._check()
        return head

    def _check(self) -> None:
        classes, terms = len(self.classes), len(self.letters.known)
        points = self.space.landmarks.shape
        fits = (
            classes >= 2 and len(points) == 2 and self.space.mean.shape == points[1:]
            and self.by_nearness.shape == (classes, points[0]) and self.by_piece.shape == (terms, classes)
            and self.letters.known.dtype.kind == "U" and self.letters.rarity.shape == (terms,) and self.intercepts.shape == (classes,)
        )  # fmt: skip
        if not fits:
            raise ValueError(f"weights, landmarks {points} and {classes} intents differ in size")


def _packed(array: Any) -> bytes:
    out = io.BytesIO()
    np.save(out, np.asarray(array), allow_pickle=False)
    return out.getvalue()


def _array(files: Mapping[str, bytes], name: str) -> Any:
    return np.load(io.BytesIO(files[f"{name}.npy"]), allow_pickle=False)
