"""The product answers as Rasa itself does: compared with Rasa's own parses, kept by `make train`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.understanding.embedding import shared_embedder
from bot.understanding.rasa_model import RasaModel
from bot.understanding.sparse_model import SparseModel
from bot.understanding.trained_from import check_record
from tests.understanding.kept_parses import kept_vectors, read_parses

pytestmark = pytest.mark.slow

TOLERANCE = 1e-3
ALIKE, ALIKE_SHARE = 0.9995, 0.95
"""Cosine between the vectors of two kinds of processors, and the share of texts that must have it: 0.9999 is usual."""
TIPPED = 0.99
"""Least cosine: a few short texts ("no thank you": 0.997) stand where the library's rounding tips over."""


@pytest.fixture(scope="module")
def rasa_parses() -> list[dict[str, Any]]:
    """Rasa's answers, one for each text."""
    return read_parses()


def differences(model: RasaModel | SparseModel, archive: str, parses: list[dict[str, Any]]) -> list[str]:
    """Every text whose intent, confidence or first guesses differ from Rasa's."""
    found = []
    for rasa in parses:
        ours, theirs = model.parse(rasa["text"]), rasa[archive]
        best = ours.intent.name == theirs["intent"]
        sure = abs(ours.intent.confidence - theirs["confidence"]) <= TOLERANCE
        shares = {guess.name: guess.confidence for guess in ours.ranking}
        top = all(abs(shares[name] - share) <= TOLERANCE for name, share in theirs["top"])
        if not (best and sure and top):
            found.append(f"{rasa['text'][:60]!r}: {ours.intent}, Rasa {theirs}")
    return found


def test_the_texts_are_many_and_of_many_kinds(rasa_parses: list[dict[str, Any]]) -> None:
    texts = [parse["text"] for parse in rasa_parses]
    assert len(set(texts)) >= 1000
    assert any(len(text) == 1 for text in texts)
    assert any(len(text) > 600 for text in texts)
    assert {parse["nlu-e5.tar.gz"]["intent"] for parse in rasa_parses} >= {"nlu_fallback", "crisis", "greet"}
    for letters in ("学", "م", "ш", "학", "ọ", "क", "ה"):
        assert any(letters in text for text in texts), letters


def test_the_model_answers_as_rasa_does(rasa_model: RasaModel, rasa_parses: list[dict[str, Any]]) -> None:
    assert differences(rasa_model, "nlu-e5.tar.gz", rasa_parses) == []


def test_this_machine_embeds_as_the_one_that_trained(rasa_parses: list[dict[str, Any]]) -> None:
    """On every fortieth text (20 ms each): alike, and nearer to its own than to any other of them."""
    asked = [parse["text"] for parse in rasa_parses[::40]]
    nearness = shared_embedder().embed(asked) @ kept_vectors().embed(asked).T
    own = nearness.diagonal()
    assert own.min() >= TIPPED
    assert (own >= ALIKE).mean() >= ALIKE_SHARE
    assert nearness.argmax(axis=1).tolist() == list(range(len(asked)))


def test_the_sparse_model_answers_as_rasa_does(
    sparse_model: SparseModel, rasa_parses: list[dict[str, Any]]
) -> None:
    assert differences(sparse_model, "nlu-sparse.tar.gz", rasa_parses) == []


def test_the_archives_belong_to_the_files_that_stand_there(root: Path) -> None:
    check_record(root)


def test_the_archives_are_small(root: Path) -> None:
    assert sum(file.stat().st_size for file in (root / "models").glob("*.tar.gz")) < 10 * 1024 * 1024
