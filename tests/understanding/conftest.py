"""What the tests of understanding share: the tables and the trained model that the product ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.understanding.lookups import Lookups, load_lookups
from bot.understanding.rasa_model import RasaModel
from bot.understanding.sparse_model import SparseModel
from tests.understanding.kept_parses import kept_vectors

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def lookups() -> Lookups:
    """The keyword tables that the product ships."""
    return load_lookups(ROOT / "nlu_data" / "lookups")


@pytest.fixture(scope="session")
def rasa_model() -> RasaModel:
    """The trained model that the product ships, on the vectors that its training kept."""
    return RasaModel(ROOT / "models" / "nlu-e5.tar.gz", kept_vectors())


@pytest.fixture(scope="session")
def sparse_model() -> SparseModel:
    """The trained fallback that the product ships."""
    return SparseModel(ROOT / "models" / "nlu-sparse.tar.gz")
