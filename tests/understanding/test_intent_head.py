"""The two views of a text, what is learnt from them, and that rounding and storing change nothing."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from bot.understanding.e5_text import Space
from bot.understanding.head_training import Recipe, few_of, fit, train_head
from bot.understanding.intent_head import Head
from bot.understanding.letters import Letters, pieces, plain, with_bare_copies
from tests.understanding.archives import LetterEmbedder

TEXTS = (
    "good morning",
    "good evening",
    "my son is sick",
    "my girl is sick",
    "when is lunch",
    "when is the bus",
)
INTENTS = ("greet", "greet", "report_absence", "report_absence", "ask_question", "ask_question")


def vectors(texts: tuple[str, ...] = TEXTS) -> np.ndarray:
    """Their letters counted."""
    return np.stack([LetterEmbedder().query(text) for text in texts])


def random_vectors(count: int, width: int = 12) -> np.ndarray:
    """Unit vectors of no meaning."""
    found = np.random.default_rng(7).normal(size=(count, width)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_weights_folded_onto_nearness_score_as_on_the_features() -> None:
    given = random_vectors(40)
    space = Space.of([str(at) for at in range(40)], given, 25, 0.8)
    weights = np.random.default_rng(8).normal(size=(4, 25))
    scores = space.features(given) @ weights.T
    assert space.nearness(given) @ space.on_nearness(weights).T == pytest.approx(scores, abs=1e-3)


def test_landmarks_that_are_alike_do_no_harm() -> None:
    given = np.repeat(np.eye(4, dtype=np.float32)[:3], 2, axis=0)
    space = Space.of([str(at) for at in range(6)], given, 6, 1.0)
    assert np.isfinite(space.features(given)).all()
    assert np.isfinite(space.features(np.zeros((1, 4)))).all()


@pytest.mark.parametrize(
    ("written", "typed"),
    [("Trường Học", "truong hoc"), ("ĐƯỜNG", "duong"), ("Lekòl la", "lekol la"), ("à 3h15", "a 0h00")],
)
def test_accents_case_and_which_digit_make_no_difference_to_the_pieces(written: str, typed: str) -> None:
    assert plain(written) == typed


def test_pieces_are_runs_of_letters_within_words() -> None:
    assert list(pieces("a bc")) == [" ", "a", " ", " a", "a ", " a ", " ", "b", "c", " ",
                                    " b", "bc", "c ", " bc", "bc ", " bc "]  # fmt: skip


def test_vietnamese_is_learnt_without_accents_too_and_no_other_language_is() -> None:
    given = {"Con tôi bị ốm": "report_absence", "¿mañana?": "ask_question", "Lekòl la": "ask_question"}
    assert with_bare_copies(given) == {**given, "con toi bi om": "report_absence"}
    # What somebody wrote counts more than what was made of another text.
    assert with_bare_copies({"đi": "deny", "di": "affirm"}) == {"đi": "deny", "di": "affirm"}


def test_what_a_single_text_has_is_no_piece_and_an_unknown_text_has_none() -> None:
    letters = Letters.of(["xa", "xb"], 50, 5.0)
    assert letters.known.tolist() == [" ", " x", "x"]
    columns, values = letters.row("x")
    assert np.linalg.norm(values) == pytest.approx(5.0)
    assert sorted(columns) == [0, 1, 2]
    nothing = Letters.of(["学", "校"], 50, 5.0).row("")
    assert [len(part) for part in nothing] == [0, 0]


def test_the_commonest_pieces_are_kept() -> None:
    assert len(Letters.of(["abc abd", "abc abd", "abc"], 4, 1.0).known) == 4


def test_pieces_are_looked_up_as_one_by_one() -> None:
    letters = Letters.of(["kan ma", "ma kan", "학교 학교", "kano"], 50, 3.0)
    columns, values = letters.row("kana학교🙂")
    counts = Counter(piece for piece in pieces("kana학교🙂") if piece in letters.known.tolist())
    assert letters.known[columns].tolist() == list(counts)
    plain = np.array(
        [(1 + np.log(n)) * letters.rarity[letters.known.tolist().index(p)] for p, n in counts.items()]
    )
    assert values == pytest.approx(3.0 * plain / np.linalg.norm(plain))
    assert [len(part) for part in Letters.of(["a"], 50, 1.0).row("b")] == [0, 0]


def test_the_table_of_pieces_holds_each_value_at_its_text_and_piece() -> None:
    rows = [(np.array([0, 2]), np.array([1.0, 2.0])), (np.array([], dtype=np.int64), np.array([])),
            (np.array([1]), np.array([3.0]))]  # fmt: skip
    assert few_of(rows, 4).toarray().tolist() == [[1, 0, 2, 0], [0, 0, 0, 0], [0, 3, 0, 0]]


def test_both_kinds_of_table_are_learnt_from_alike() -> None:
    given, labels = random_vectors(60, 5), np.arange(60) % 3
    rows = [(np.arange(5), row) for row in given]
    (full,), _ = fit([given], labels, 3, 500)
    (few,), _ = fit([few_of(rows, 5)], labels, 3, 500)
    assert few == pytest.approx(full, abs=1e-3)


def test_the_fit_is_where_no_weight_wants_to_move() -> None:
    """At the least loss the penalty pulls on each weight as strongly as the errors push."""
    given, labels = random_vectors(60, 5), np.arange(60) % 3
    (weights,), intercepts = fit([given], labels, 3, 500)
    scores = given @ weights.T + intercepts
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    push = (shares - np.eye(3)[labels]).T @ given
    assert push + weights == pytest.approx(np.zeros_like(weights), abs=0.02)


def test_a_rare_intent_weighs_as_much_as_a_common_one() -> None:
    ones = np.ones((30, 1), dtype=np.float32)
    (weights,), intercepts = fit([ones], np.array([0] * 27 + [1] * 3), 2, 100)
    scores = weights[:, 0] + intercepts
    assert scores[0] == pytest.approx(scores[1], abs=0.01)


def test_a_trained_head_knows_its_texts_and_is_the_same_after_storing() -> None:
    head = train_head(TEXTS, INTENTS, vectors(), Recipe(landmarks=6, scale=20.0, letter_scale=9.0))
    again = Head.read(head.files())
    for text, intent, vector in zip(TEXTS, INTENTS, vectors(), strict=True):
        shares = head.probabilities(text, vector)
        assert head.classes[int(shares.argmax())] == intent
        assert shares.sum() == pytest.approx(1)
        assert again.probabilities(text, vector).tolist() == shares.tolist()


def test_letters_help_where_the_embedding_sees_nothing() -> None:
    head = train_head(TEXTS, INTENTS, np.ones((6, 4)) / 2, Recipe(landmarks=6, letter_scale=9.0))
    shares = head.probabilities("GOOD Evening", np.ones(4) / 2)
    assert head.classes[int(shares.argmax())] == "greet"


def test_one_intent_is_nothing_to_learn() -> None:
    with pytest.raises(ValueError, match="two intents"):
        train_head(["a", "b"], ["greet", "greet"], np.eye(2), Recipe())
