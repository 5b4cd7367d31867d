"""Many vectors are compared at once; what all sentences of a language share does not count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.school import shipped_vectors
from bot.school.average_questions import ANY, make_averages
from bot.school.vector_index import make_index
from bot.storage.knowledge import Embedding
from tests.cast_world import ConceptEmbedder


def _row(owner: int, part: int, vector: list[float], language: str = "en") -> Embedding:
    made = np.asarray(vector, dtype="<f4").tobytes()
    return Embedding(owner_kind="article", owner_id=owner, part=part, language=language, vector=made)


def test_an_owner_is_as_near_as_its_best_questions_and_its_text() -> None:
    index = make_index([_row(4, 0, [0, 1]), _row(4, 1, [1, 0]), _row(4, 3, [0, 1]), _row(9, 1, [0, 1])], {})
    assert list(index.owners) == [4, 9]
    assert index.scores([1, 0], "en") == pytest.approx([(1 + 0.5 + 0) / 3, 0])


def test_a_question_and_its_copy_without_accents_count_once() -> None:
    index = make_index([_row(1, 1, [1, 0]), _row(1, 2, [0, 1]), _row(1, 3, [0, -1])], {})
    assert index.scores([0, 1], "vi") == pytest.approx([(1 + 0) / 2])


def test_an_owner_without_example_questions_is_found_by_its_text() -> None:
    assert make_index([_row(1, 0, [1, 0])], {}).scores([1, 0], "en") == pytest.approx([1])


def test_the_average_of_a_language_is_taken_off_on_both_sides() -> None:
    averages = {ANY: np.array([0, 0, 0]), "so": np.array([0, 0, 1])}
    rows = [_row(1, 1, [1, 0, 0]), _row(2, 1, [0, 0, 1], "so")]
    question_in_somali = [0.1, 0, 0.99]
    raw = make_index(rows, {}).scores(question_in_somali, "so")
    centred = make_index(rows, averages).scores(question_in_somali, "so")
    assert raw[0] < raw[1]
    assert centred[0] > centred[1]


def test_an_empty_index_has_no_owners() -> None:
    assert len(make_index([], {}).owners) == 0


def test_averages_are_only_used_with_the_embedder_that_made_them(tmp_path: Path) -> None:
    embedder = ConceptEmbedder()
    made = make_averages([("en", "lunch"), ("en", "bus"), ("es", "comida")], embedder)
    assert set(made) == {ANY, "en", "es"}
    shipped_vectors.save(tmp_path / "kept.npz", embedder.version, made)
    assert shipped_vectors.load(tmp_path / "kept.npz", embedder.version)["es"] == pytest.approx(made["es"])
    assert shipped_vectors.load(tmp_path / "kept.npz", "another") == {}
    assert shipped_vectors.load(tmp_path / "none.npz", embedder.version) == {}
