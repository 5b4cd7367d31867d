"""The main classifier: the Rasa-trained archive on sentence embeddings, served in this process with numpy."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bot.model.errors import BadModel
from bot.model.utterance import Parse
from bot.understanding import e5_text
from bot.understanding.archive import Archive, fallback_of, guarded, linear_of, read_archive
from bot.understanding.ranking import rank

ALIKE = 0.9999
"""Least cosine between the probe's vector at training and here; a different library build would give less."""


class QueryEmbedder(Protocol):
    """What this classifier needs of an embedder."""

    def query(self, text: str) -> Any:
        """The unit vector of one text."""


class RasaModel:
    """Port IntentClassifier: answers as `rasa run` with the same archive would, to the last digits."""

    name = "rasa-e5"
    ready = True

    def __init__(self, path: Path, embedder: QueryEmbedder) -> None:
        """Read the archive at `path`. BadModel when it is missing, broken or made with another embedding."""
        archive = read_archive(path)
        self._embedder = embedder
        self._linear = linear_of(archive)
        self._fallback = fallback_of(archive)
        self._mean, self._scale = _featurizer(archive, embedder)
        if self._linear.weights.shape[1] != self._mean.shape[0]:
            raise BadModel(f"{path}: weights and embedding differ in size; train again with `make train`")
        self.detail = f"{path.name}, {len(self._linear.classes)} intents, in process"

    def parse(self, text: str) -> Parse:
        """Ranking of all intents, `nlu_fallback` first when unsure; `vector` is the raw embedding."""
        vector = self._embedder.query(text)
        row = e5_text.features(vector[None, :], self._mean, self._scale)[0].astype(np.float64)
        shares = self._linear.probabilities(self._linear.weights @ row + self._linear.intercepts)
        return rank(self._linear.classes, shares, self._fallback, vector)


def _featurizer(archive: Archive, embedder: QueryEmbedder) -> tuple[Any, float]:
    part = archive.of("E5Featurizer")[0]
    mean, probe, settings = guarded(
        archive.path, lambda: (part.array("mean.npy"), part.array("probe.npy"), part.json("settings.json"))
    )
    here = embedder.query(e5_text.PROBE)
    if settings.get("cut") != e5_text.CUT or probe.shape != here.shape or float(probe @ here) < ALIKE:
        raise BadModel(
            f"{archive.path} was trained with {settings.get('embedding')}, whose vectors differ from those made here; "
            "install the pinned version or train again with `make train`"
        )
    return mean, float(settings["scale"])
