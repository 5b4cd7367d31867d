"""Which kind of help a sentence asks for: the word table first, then meaning, else the likely ones to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.model.ports import Embedder
from bot.school import shipped_vectors
from bot.school.needs import NEEDS, Need, named_need

FILE = shipped_vectors.FOLDER / "need_examples.npz"
"""Where the vectors of the examples are shipped: making them takes a second of each start."""

SURE_MARGIN = 0.025
"""How far the best need must be ahead of the best one answered by other categories.

Of the 144 held-out requests for help (find_resource in nlu_data/test) the words settle 68; of the other 76 this margin
settles 23, 19 of them rightly (three of the others are summer camps, for which there is no need of its own). The rest are
asked, with the likely needs on top: of 25 whose need is known 22 have it among the first three.
"""


@dataclass(frozen=True, slots=True)
class Guess:
    """The need, when it is sure; all needs by likelihood otherwise (empty: nothing is known)."""

    need: Need | None
    likely: Sequence[Need] = ()


def guess_need(text: str, vector: Any, embedder: Embedder | None) -> Guess:
    """What kind of help a text asks for. `vector` and `embedder` are None where nothing can embed."""
    named = named_need(text)
    if named is not None or vector is None or embedder is None:
        return Guess(named)
    scores = _scores(np.asarray(vector, dtype=np.float32), embedder)
    likely = sorted(NEEDS, key=lambda need: -scores[need.name])
    best = likely[0]
    others = [scores[need.name] for need in likely[1:] if not set(need.codes) & set(best.codes)]
    sure = scores[best.name] - max(others) >= SURE_MARGIN
    return Guess(best if sure else None, likely)


def warm(embedder: Embedder) -> None:
    """Have the vectors of all examples at hand, so that the first family to ask does not wait for them."""
    for need in NEEDS:
        _examples(need, embedder)


def make(embedder: Embedder) -> Mapping[str, Any]:
    """The vector of every example, by its text."""
    texts = [text for need in NEEDS for text in need.examples]
    return dict(zip(texts, embedder.embed(texts), strict=True))


def _scores(vector: Any, embedder: Embedder) -> dict[str, float]:
    """How near the nearest example of each need is."""
    return {need.name: float((_examples(need, embedder) @ vector).max()) for need in NEEDS}


def _examples(need: Need, embedder: Embedder) -> Any:
    key = (embedder.version, need.name)
    if key not in _KEPT:
        shipped = shipped_vectors.load(FILE, embedder.version)
        there = shipped.keys() >= set(need.examples)
        _KEPT[key] = (
            np.stack([shipped[text] for text in need.examples]) if there else embedder.embed(need.examples)
        )
    return _KEPT[key]


_KEPT: dict[tuple[str, str], Any] = {}
"""The examples never change while the program runs: 54 vectors an embedder."""
