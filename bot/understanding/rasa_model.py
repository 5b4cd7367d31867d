"""The main classifier: the Rasa-trained archive on sentence embeddings, served in this process with numpy."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from bot.model.errors import BadModel
from bot.model.utterance import Parse
from bot.understanding import e5_text
from bot.understanding.archive import Archive, Component, fallback_of, guarded, read_archive
from bot.understanding.intent_head import Head
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
        part = archive.of("E5Classifier")[0]
        self._embedder = embedder
        self._fallback = fallback_of(archive)
        self._head = guarded(path, lambda: Head.read(part.files))
        _compare(archive, part, embedder)
        self.detail = f"{path.name}, {len(self._head.classes)} intents, in process"

    def parse(self, text: str) -> Parse:
        """Ranking of all intents, `nlu_fallback` first when unsure; `vector` is the raw embedding."""
        vector = self._embedder.query(text)
        shares = self._head.probabilities(text, vector)
        return rank(self._head.classes, shares, self._fallback, vector)


def _compare(archive: Archive, part: Component, embedder: QueryEmbedder) -> None:
    """BadModel unless both sides embed the probe alike."""
    there, made = guarded(archive.path, lambda: (part.array("probe.npy"), dict(part.json("made.json"))))
    here = embedder.query(e5_text.PROBE)
    if there.shape != here.shape or float(there @ here) < ALIKE:
        raise BadModel(
            f"{archive.path} was trained with {made.get('embedding')}, whose vectors differ from those made here; "
            "install the pinned version or train again with `make train`"
        )
