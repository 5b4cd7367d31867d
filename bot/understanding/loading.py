"""Which classifier serves: the trained model, the sparse one where that cannot run, or none."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from bot.model.errors import BadModel
from bot.model.utterance import Parse
from bot.understanding.embedding import shared_embedder
from bot.understanding.rasa_http import RasaServer
from bot.understanding.rasa_model import RasaModel
from bot.understanding.sparse_model import SparseModel

MAIN = "nlu-e5.tar.gz"
SPARSE = "nlu-sparse.tar.gz"


class LoadedClassifier(Protocol):
    """Port IntentClassifier, and what readiness says of it."""

    name: str

    @property
    def ready(self) -> bool:
        """False: every parse raises BadModel."""

    @property
    def detail(self) -> str:
        """One sentence for people."""

    def parse(self, text: str) -> Parse:
        """Ranking of intents for one cleaned text. BadModel when it cannot answer."""


class Unavailable:
    """Stands in where no model could be loaded: the line still runs on tables, menu and people."""

    name = "none"
    ready = False

    def __init__(self, detail: str) -> None:
        """`detail` says why there is no model."""
        self.detail = detail

    def parse(self, text: str) -> Parse:
        """Always BadModel."""
        raise BadModel(self.detail)


def load_classifier(models: Path, nlu_url: str | None = None) -> LoadedClassifier:
    """The best classifier this machine can run; never raises.

    `models` holds the trained archives. With `nlu_url` a Rasa server is asked first, and the
    archives answer whenever it does not.
    """
    local = _load_local(models)
    return RasaServer(nlu_url, fallback=local) if nlu_url else local


def _load_local(models: Path) -> LoadedClassifier:
    try:
        return RasaModel(models / MAIN, shared_embedder())
    except BadModel as error:
        reason = str(error)
    try:
        sparse = SparseModel(models / SPARSE)
    except BadModel as error:
        return Unavailable(f"no model: {reason}; {error}")
    sparse.detail = f"{sparse.detail} ({reason})"
    return sparse
