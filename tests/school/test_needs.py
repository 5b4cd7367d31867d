"""From a family's sentence to the kind of help it asks for."""

from __future__ import annotations

import numpy as np
import pytest

from bot.school import need_vectors, shipped_vectors
from bot.school.need_vectors import guess_need, warm
from bot.school.needs import BY_NAME, NEEDS, OFFERED, fold, named_need
from bot.understanding.embedding import shared_embedder
from tests.cast_world import ConceptEmbedder


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("we don't have FOOD this week", "food"),
        ("donde dan comida a los niños", "food"),
        ("comida de verano para los niños", "summer_meals"),  # the special case wins
        ("我们需要食物", "food"),
        ("이번 주에 음식이 없어요", "food"),
        ("tôi cần thực phẩm", "food"),
        ("con tôi bị đau răng", "dental"),
        ("نحتاج طعام", "food"),
        ("нет еды", "food"),
        ("nos van a DESALOJAR", "housing"),
        ("we need food and a dentist", None),  # two at once: ask
        ("we need help", None),
        ("the bell rang", None),
        ("send me an update", None),
    ],
)
def test_words_name_a_need_for_certain(text: str, need: str | None) -> None:
    found = named_need(text)
    assert (found.name if found else None) == need


def test_every_need_that_is_offered_exists_and_there_are_nine_at_most() -> None:
    assert len(OFFERED) <= 9
    assert {need for need, _ in OFFERED} - {"other"} <= set(BY_NAME)


def test_help_against_violence_at_home_is_delicate() -> None:
    assert [need.name for need in NEEDS if need.delicate] == ["safety_at_home"]


def test_where_nothing_can_embed_only_words_count() -> None:
    assert guess_need("quiero aprender algo", None, None).need is None
    assert guess_need("clases de ingles", None, None).need is BY_NAME["english_classes"]


def test_meaning_decides_where_words_do_not() -> None:
    embedder = ConceptEmbedder()
    guess = guess_need("my kids are hungry", embedder.embed(["my kids are hungry"])[0], embedder)
    assert guess.need is BY_NAME["food"]


def test_an_unclear_sentence_leaves_the_likely_needs_to_choose_from() -> None:
    embedder = ConceptEmbedder()
    guess = guess_need("something", embedder.embed(["something"])[0], embedder)
    assert guess.need is None
    assert len(guess.likely) == len(NEEDS)


@pytest.mark.slow
def test_the_real_embedding_understands_needs_in_many_languages() -> None:
    embedder = shared_embedder()
    warm(embedder)
    asked = {
        "nou pa gen manje pou timoun yo": "food",
        "nous n'avons rien à manger": "food",
        "wala kaming makain ngayong linggo": "food",
        "is there a shelter for a mom with 3 children": "shelter",
        "我需要移民律师": "legal",
        "tôi muốn học tiếng Anh": "english_classes",
        "课后班有吗": "after_school",
        "busco trabajo": "jobs",
    }
    likely = 0
    for text, need in asked.items():
        guess = guess_need(text, embedder.embed([text])[0], embedder)
        assert guess.need is None or set(guess.need.codes) & set(BY_NAME[need].codes), text
        likely += guess.need is not None or BY_NAME[need] in guess.likely[:3]
    assert likely >= 7


def test_folding_drops_case_accents_and_punctuation() -> None:
    assert fold("¿Dónde está ĐƯỜNG?") == "donde esta duong"


def test_the_shipped_vectors_are_those_of_every_example() -> None:
    embedder = shared_embedder()
    kept = shipped_vectors.load(need_vectors.FILE, embedder.version)
    texts = [text for need in NEEDS for text in need.examples]
    assert set(kept) == set(texts), "run `flask --app server knowledge needs`"
    nearness = np.stack([kept[text] for text in texts]) @ embedder.embed(texts).T
    # Processors differ in the fifth place, other texts in the second.
    assert nearness.diagonal().min() >= 0.9995


def test_without_shipped_vectors_of_its_version_an_embedder_makes_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    embedder = ConceptEmbedder()
    asked: list[str] = []
    monkeypatch.setattr(need_vectors, "_KEPT", {})
    monkeypatch.setattr(embedder, "embed", lambda texts: asked.extend(texts) or np.ones((len(texts), 3)))
    warm(embedder)
    assert set(asked) == {text for need in NEEDS for text in need.examples}
