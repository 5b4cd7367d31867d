"""The main classifier: the Rasa-trained archive on sentence embeddings, served in this process with numpy."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from bot.model.errors import BadModel
from bot.model.utterance import Parse
from bot.understanding import e5_text
from bot.understanding.archive import Archive, Component, fallback_of, guarded, linear_of, read_archive
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
        self._space = _space(archive, embedder)
        if self._linear.weights.shape[1] != len(self._space.landmarks):
            raise BadModel(f"{path}: weights and landmarks differ in size; train again with `make train`")
        self._weights = self._space.on_nearness(self._linear.weights)
        self.detail = f"{path.name}, {len(self._linear.classes)} intents, in process"

    def parse(self, text: str) -> Parse:
        """Ranking of all intents, `nlu_fallback` first when unsure; `vector` is the raw embedding."""
        vector = self._embedder.query(text)
        near = self._space.nearness(vector[None, :])[0]
        shares = self._linear.probabilities(self._weights @ near + self._linear.intercepts)
        return rank(self._linear.classes, shares, self._fallback, vector)


def _space(archive: Archive, embedder: QueryEmbedder) -> e5_text.Space:
    part = archive.of("E5Featurizer")[0]
    space, probe, settings = guarded(archive.path, lambda: _stored(part))
    here = embedder.query(e5_text.PROBE)
    if settings.get("cut") != e5_text.CUT or probe.shape != here.shape or float(probe @ here) < ALIKE:
        raise BadModel(
            f"{archive.path} was trained with {settings.get('embedding')}, whose vectors differ from those made here; "
            "install the pinned version or train again with `make train`"
        )
    return space


def _stored(part: Component) -> tuple[e5_text.Space, Any, dict[str, Any]]:
    settings = dict(part.json("settings.json"))
    mean, landmarks = part.array("mean.npy"), part.array("landmarks.npy")
    if landmarks.ndim != 2 or mean.shape != landmarks.shape[1:]:
        raise ValueError(f"mean and landmarks have shapes {mean.shape} and {landmarks.shape}")
    space = e5_text.Space(mean, landmarks, float(settings["width"]), float(settings["scale"]))
    return space, part.array("probe.npy"), settings
