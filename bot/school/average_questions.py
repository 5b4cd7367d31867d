"""The average question of each language, in the embedding's space: what is taken off before questions are compared.

All sentences of a language share a direction that says nothing of what is asked; without it a question in
Somali lies nearer to every Somali sentence than to the English one that asks the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.model.ports import Embedder

FILE = Path(__file__).resolve().parents[2] / "models" / "average_questions.npz"
ANY = ""
"""The entry for languages without one of their own."""


def make_averages(examples: Iterable[tuple[str, str]], embedder: Embedder) -> dict[str, Any]:
    """The mean vector of the questions of each language, from (language, question)."""
    texts: dict[str, list[str]] = {}
    for language, question in examples:
        texts.setdefault(language, []).append(question)
    means = {language: embedder.embed(asked).mean(axis=0) for language, asked in sorted(texts.items())}
    return {ANY: np.mean(list(means.values()), axis=0), **means}


def save_averages(averages: Mapping[str, Any], embedder: str, file: Path = FILE) -> None:
    """Write them (1.5 kB a language), tied to the version of the embedder."""
    vectors = np.stack([np.asarray(vector, dtype="<f4") for vector in averages.values()])
    np.savez_compressed(
        file, embedder=np.array(embedder), languages=np.array(list(averages)), vectors=vectors
    )


@cache
def load_averages(embedder: str, file: Path = FILE) -> Mapping[str, Any]:
    """The averages made by this version of the embedder; empty when there are none: then nothing is taken off."""
    if not file.exists():
        return {}
    with np.load(file, allow_pickle=False) as kept:
        if str(kept["embedder"]) != embedder:
            return {}
        return dict(zip((str(tag) for tag in kept["languages"]), kept["vectors"], strict=True))
