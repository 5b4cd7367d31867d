"""A trained Rasa archive (.tar.gz) opened without Rasa, scikit-learn or pickle: bytes, JSON and numpy arrays."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from bot.model.errors import BadModel

Result = TypeVar("Result")

LIMIT = 64 * 1024 * 1024
"""Bytes of a single file in the archive that are read. Ours have far less; a wrong file must not fill the memory."""

_BROKEN = (OSError, EOFError, KeyError, IndexError, TypeError, ValueError, tarfile.TarError,
           zipfile.BadZipFile, zlib.error, UnicodeError)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Component:
    """One step of the trained pipeline: its class, its configuration, the files it stored."""

    uses: str
    config: Mapping[str, Any]
    files: Mapping[str, bytes]

    def json(self, name: str) -> Any:
        """A stored JSON file."""
        return json.loads(self.files[name])

    def array(self, name: str) -> Any:
        """A stored numpy array; arrays of objects are refused."""
        return np.load(io.BytesIO(self.files[name]), allow_pickle=False)


@dataclass(frozen=True, slots=True)
class Linear:
    """A logistic regression: the names of its classes and its weights (float64)."""

    classes: tuple[str, ...]
    weights: Any  # (classes, features)
    intercepts: Any  # (classes,)

    def probabilities(self, scores: Any) -> Any:
        """Softmax of `features @ weights.T + intercepts`, as scikit-learn computes it."""
        raised = np.exp(scores - scores.max())
        return raised / raised.sum()


@dataclass(frozen=True, slots=True)
class Fallback:
    """Rasa's FallbackClassifier: below `threshold`, or first and second nearer than `ambiguity`, is "not sure"."""

    threshold: float
    ambiguity: float


@dataclass(frozen=True, slots=True)
class Archive:
    """The components of a trained model in the order in which a text passes them."""

    path: Path
    components: tuple[Component, ...]

    def of(self, name: str) -> tuple[Component, ...]:
        """All components of this class name; BadModel when there is none."""
        found = tuple(part for part in self.components if part.uses.rsplit(".", 1)[-1] == name)
        if not found:
            raise BadModel(f"{self.path}: its pipeline has no {name}; train again with `make train`")
        return found


def read_archive(path: Path) -> Archive:
    """Open a trained archive. BadModel when it is missing, broken or not Rasa's."""
    if not path.is_file():
        raise BadModel(f"{path} does not exist; `make train` makes it")
    return guarded(path, lambda: _read(path))


def guarded(path: Path, read: Callable[[], Result]) -> Result:
    """What `read` returns; whatever goes wrong in a malformed file becomes a BadModel with the reason."""
    try:
        return read()
    except _BROKEN as error:
        raise BadModel(
            f"{path} cannot be used ({type(error).__name__}: {error}); train again with `make train`"
        ) from error


def _read(path: Path) -> Archive:
    files = _unpack(path)
    nodes = json.loads(files["metadata.json"])["predict_schema"]["nodes"]
    parts = []
    for node in nodes.values():
        folder = f"components/{(node.get('resource') or {}).get('name')}/"
        own = {name.removeprefix(folder): data for name, data in files.items() if name.startswith(folder)}
        parts.append(Component(node["uses"], node["config"], own))
    return Archive(path, tuple(parts))


def _unpack(path: Path) -> dict[str, bytes]:
    files = {}
    with tarfile.open(path, "r:gz") as tar:
        for member in tar:
            if not member.isfile():
                continue
            if member.size > LIMIT:
                raise ValueError(f"{member.name} has {member.size} bytes")
            stream = tar.extractfile(member)
            files[member.name.lstrip("./")] = stream.read() if stream else b""
    return files


def linear_of(archive: Archive) -> Linear:
    """The trained LogisticRegressionClassifier. BadModel when it is not one of three classes or more."""
    part = archive.of("LogisticRegressionClassifier")[0]
    return guarded(archive.path, lambda: _linear(part))


def _linear(part: Component) -> Linear:
    name = [name for name in part.files if name.endswith(".skops")][0]
    with zipfile.ZipFile(io.BytesIO(part.files[name])) as bundle:
        schema = json.loads(bundle.read("schema.json"))
        if schema["__class__"] != "LogisticRegression":
            raise ValueError(f"{name} holds a {schema['__class__']}")
        state = schema["content"]["content"]
        arrays = {key: _array(bundle, state[key]) for key in ("classes_", "coef_", "intercept_")}
    model = Linear(tuple(map(str, arrays["classes_"])), arrays["coef_"], arrays["intercept_"])
    if len(model.classes) < 3 or model.weights.shape[0] != len(model.classes):
        # With two classes scikit-learn computes something else (a sigmoid on one row).
        raise ValueError(f"{len(model.classes)} intents, weights of shape {model.weights.shape}")
    return model


def _array(bundle: zipfile.ZipFile, node: Mapping[str, Any]) -> Any:
    if node.get("type") == "numpy":
        return np.load(io.BytesIO(bundle.read(node["file"])), allow_pickle=False)
    return np.array([json.loads(item["content"]) for item in node["content"]["content"]])


def fallback_of(archive: Archive) -> Fallback:
    """The thresholds the archive was trained with."""
    config = archive.of("FallbackClassifier")[0].config
    return guarded(
        archive.path, lambda: Fallback(float(config["threshold"]), float(config["ambiguity_threshold"]))
    )
