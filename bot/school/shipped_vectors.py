"""Named vectors that are made once and shipped, tied to the version of the embedder that made them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).resolve().parents[2] / "models"


def save(file: Path, embedder: str, vectors: Mapping[str, Any]) -> None:
    """Write them (1.5 kB each)."""
    rows = np.stack([np.asarray(vector, dtype="<f4") for vector in vectors.values()])
    np.savez_compressed(file, embedder=np.array(embedder), names=np.array(list(vectors)), vectors=rows)


@cache
def load(file: Path, embedder: str) -> Mapping[str, Any]:
    """Those made by this version of the embedder, by name; empty when there are none."""
    if not file.exists():
        return {}
    with np.load(file, allow_pickle=False) as kept:
        if str(kept["embedder"]) != embedder:
            return {}
        return dict(zip(map(str, kept["names"]), kept["vectors"], strict=True))
