"""Rasa's own answers as `make train` keeps them, and the vectors that they stand on."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.understanding.embedding import shared_embedder


def read_parses() -> list[dict[str, Any]]:
    """Rasa's answers, one for each text."""
    packed = Path(__file__).with_name("rasa_parses.jsonl.gz").read_bytes()
    return [json.loads(line) for line in gzip.decompress(packed).decode().splitlines()]


def unpack_vector(packed: str) -> Any:
    """The unit vector (384,) that `rasa_parses.py` packed; off by less than 1e-5 a number."""
    steps = np.frombuffer(base64.b64decode(packed), "<i2").astype(np.float32)
    return steps / np.linalg.norm(steps)


class KeptVectors:
    """Port Embedder: the vectors as the machine that trained made them, and this machine's own of all other texts.

    With the same vectors answers can be compared to the last digits, whatever processor this is.
    """

    dimension = 384

    def __init__(self, parses: Iterable[Mapping[str, Any]]) -> None:
        self.packed = {parse["text"]: parse["vector"] for parse in parses}

    @property
    def version(self) -> str:
        """What the vectors are stored under."""
        return shared_embedder().version

    def query(self, text: str) -> Any:
        """The vector of one text."""
        packed = self.packed.get(text)
        return shared_embedder().query(text) if packed is None else unpack_vector(packed)

    def embed(self, texts: Sequence[str]) -> Any:
        """The vectors of these texts, a row each."""
        return np.stack([self.query(text) for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Any:
        """What answers them: always this machine's own."""
        return shared_embedder().embed_passages(texts)


@cache
def kept_vectors() -> KeptVectors:
    """The one of this process."""
    return KeptVectors(read_parses())
