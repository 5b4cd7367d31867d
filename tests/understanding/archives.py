"""Small archives in Rasa's form, made by hand, and a stand-in for the embedding: no training needed."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.understanding import e5_text
from bot.understanding.head_training import Recipe, train_head

CLASSES = ("ask_question", "crisis", "greet")


class LetterEmbedder:
    """Counts letters: alike texts get alike unit vectors, quickly and without a library."""

    version = "letters"
    dimension = 26

    def query(self, text: str) -> Any:
        """The unit vector of a text's letters."""
        counts = np.full(26, 0.01, dtype=np.float32)
        for char in e5_text.prepare(text):
            if "a" <= char <= "z":
                counts[ord(char) - 97] += 1
        return counts / np.linalg.norm(counts)


def npy(array: Any) -> bytes:
    """An array as the bytes of a .npy file."""
    out = io.BytesIO()
    np.save(out, np.asarray(array))
    return out.getvalue()


def skops(
    weights: Any, intercepts: Any, classes: tuple[str, ...] = CLASSES, kind: str = "LogisticRegression"
) -> bytes:
    """A logistic regression as skops writes it: a zip of schema.json and .npy files."""
    arrays = {
        "classes_": np.array(classes),
        "coef_": np.asarray(weights),
        "intercept_": np.asarray(intercepts),
    }
    content = {name: {"type": "numpy", "file": f"{name}.npy"} for name in arrays}
    schema = {"__class__": kind, "content": {"content": content}}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        bundle.writestr("schema.json", json.dumps(schema))
        for name, array in arrays.items():
            bundle.writestr(f"{name}.npy", npy(array))
    return out.getvalue()


def node(uses: str, resource: str | None = None, **config: Any) -> dict[str, Any]:
    """One step of a pipeline as metadata.json describes it."""
    return {"uses": uses, "config": config, "resource": {"name": resource} if resource else None}


def write(path: Path, nodes: dict[str, Any], files: dict[str, bytes]) -> Path:
    """A .tar.gz with metadata.json and these files."""
    every = {"metadata.json": json.dumps({"predict_schema": {"nodes": nodes}}).encode(), **files}
    with tarfile.open(path, "w:gz") as tar:
        for name, data in every.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return path


def e5_archive(path: Path, *, threshold: float = 0.5, change: dict[str, bytes | None] | None = None) -> Path:
    """An archive for RasaModel in LetterEmbedder's space; `change` replaces files, None leaves one out."""
    files: dict[str, bytes | None] = {
        **{f"components/e5/{name}": data for name, data in _trained().items()},
        "components/e5/probe.npy": npy(LetterEmbedder().query(e5_text.PROBE)),
        "components/e5/made.json": json.dumps({"embedding": "letters", "dimension": 26}).encode(),
        **(change or {}),
    }
    nodes = {
        "a": node("bot.understanding.rasa_components.E5Classifier", "e5"),
        "b": node("x.FallbackClassifier", threshold=threshold, ambiguity_threshold=0.1),
    }
    return write(path, nodes, {name: data for name, data in files.items() if data is not None})


@cache
def _trained() -> dict[str, bytes]:
    """The files of a head that was taught one text for each intent."""
    texts = ("question when", "die kill", "hello hi")
    vectors = np.stack([LetterEmbedder().query(text) for text in texts])
    return train_head(texts, CLASSES, vectors, Recipe(landmarks=3, scale=20.0, pieces=30)).files()


def head_json(**change: Any) -> bytes:
    """The trained head's settings with some of them changed."""
    return json.dumps({**json.loads(_trained()["head.json"]), **change}).encode()


def sparse_archive(path: Path, *, weights: bytes | None = None, **counter: Any) -> Path:
    """An archive for SparseModel that knows the words hello, when and die."""
    words = {"when": 0, "die": 1, "hello": 2}
    nodes = {
        "a": node("x.CountVectorsFeaturizer", "cv", **{"strip_accents": "unicode", **counter}),
        "b": node("x.LogisticRegressionClassifier", "lr"),
        "c": node("x.FallbackClassifier", threshold=0.5, ambiguity_threshold=0.1),
    }
    files = {
        "components/cv/vocabularies.json": json.dumps({"text": words}).encode(),
        "components/lr/lr.skops": weights or skops(np.eye(3) * 4, np.zeros(3)),
    }
    return write(path, nodes, files)
