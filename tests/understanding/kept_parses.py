"""Rasa's own answers as `make train` keeps them, and the vectors that they stand on."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import dataclass
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


@dataclass
class KeptVectors:
    """The embeddings as the machine that trained made them, so that answers can be compared to the last digits."""

    kept: dict[str, Any]

    def query(self, text: str) -> Any:
        """The vector of one text; of the probe, which a model asks for when it is read, this machine's own."""
        return self.kept[text] if text in self.kept else shared_embedder().query(text)
