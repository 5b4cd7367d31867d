"""The average question of each language, in the embedding's space: what is taken off before questions are compared.

All sentences of a language share a direction that says nothing of what is asked; without it a question in
Somali lies nearer to every Somali sentence than to the English one that asks the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from bot.model.ports import Embedder
from bot.school.shipped_vectors import FOLDER

FILE = FOLDER / "average_questions.npz"
"""Where they are shipped (`shipped_vectors`), by language; where there are none nothing is taken off."""

ANY = ""
"""The entry for languages without one of their own."""


def make_averages(examples: Iterable[tuple[str, str]], embedder: Embedder) -> dict[str, Any]:
    """The mean vector of the questions of each language, from (language, question)."""
    texts: dict[str, list[str]] = {}
    for language, question in examples:
        texts.setdefault(language, []).append(question)
    means = {language: embedder.embed(asked).mean(axis=0) for language, asked in sorted(texts.items())}
    return {ANY: np.mean(list(means.values()), axis=0), **means}
