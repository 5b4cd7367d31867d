"""A broken archive is named with its reason; it never gives wrong answers or runs foreign code."""

from __future__ import annotations

import io
import pickle
import tarfile
from pathlib import Path

import numpy as np
import pytest

from bot.model.errors import BadModel
from bot.understanding import archive, e5_text
from bot.understanding.rasa_model import RasaModel
from bot.understanding.sparse_model import SparseModel
from tests.understanding import archives
from tests.understanding.archives import LetterEmbedder, e5_archive, sparse_archive


def test_a_good_archive_ranks_all_intents_and_gives_the_raw_vector(tmp_path: Path) -> None:
    parse = RasaModel(e5_archive(tmp_path / "m.tar.gz"), LetterEmbedder()).parse("hello hi")
    assert parse.intent.name == "greet"
    assert [guess.name for guess in parse.ranking][0] == "greet"
    assert {guess.name for guess in parse.ranking} == set(archives.CLASSES)
    assert sum(guess.confidence for guess in parse.ranking) == pytest.approx(1)
    assert np.linalg.norm(parse.vector) == pytest.approx(1)


def test_below_the_archives_threshold_the_model_is_not_sure(tmp_path: Path) -> None:
    parse = RasaModel(e5_archive(tmp_path / "m.tar.gz", threshold=0.99999), LetterEmbedder()).parse(
        "hello hi"
    )
    assert (parse.intent.name, parse.intent.confidence) == ("nlu_fallback", 0.99999)
    assert parse.ranking[0] == parse.intent
    assert parse.ranking[1].name == "greet"


def test_a_missing_archive_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="make train"):
        archive.read_archive(tmp_path / "none.tar.gz")


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x1f\x8b\x08\x00broken"])
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.tar.gz"
    path.write_bytes(content)
    with pytest.raises(BadModel, match=r"m\.tar\.gz cannot be used"):
        archive.read_archive(path)


def test_a_cut_archive_is_refused(tmp_path: Path) -> None:
    whole = e5_archive(tmp_path / "m.tar.gz").read_bytes()
    (tmp_path / "m.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadModel):
        RasaModel(tmp_path / "m.tar.gz", LetterEmbedder())


def test_an_archive_without_metadata_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "m.tar.gz", "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("components/"), io.BytesIO())
    with pytest.raises(BadModel, match=r"metadata\.json"):
        archive.read_archive(tmp_path / "m.tar.gz")


@pytest.mark.parametrize(
    "change",
    [
        {"components/e5/by_nearness.npy": None},
        {"components/e5/by_nearness.npy": b"no array"},
        {"components/e5/by_nearness.npy": archives.npy(np.zeros((3, 5), dtype=np.float32))},
        {"components/e5/by_piece.npy": archives.npy(np.zeros((1, 3), dtype=np.float16))},
        {"components/e5/intercepts.npy": archives.npy(np.zeros(2))},
        {"components/e5/rarity.npy": archives.npy(np.zeros(1, dtype=np.float32))},
        {"components/e5/mean.npy": None},
        {"components/e5/mean.npy": pickle.dumps([1, 2, 3])},
        {"components/e5/landmarks.npy": None},
        {"components/e5/landmarks.npy": archives.npy(np.zeros((3, 25), dtype=np.float16))},
        {"components/e5/probe.npy": archives.npy(np.eye(26, dtype=np.float32)[0])},
        {"components/e5/made.json": b"{"},
        {"components/e5/head.json": b"{"},
        {"components/e5/head.json": archives.head_json(cut=e5_text.CUT + 1)},
        {"components/e5/head.json": archives.head_json(classes=["greet"])},
    ],
    ids=["no weights", "no array", "other size", "other pieces", "other intents", "other rarity", "no mean", "pickled",
         "no landmarks", "other landmarks", "other library", "bad json", "bad settings", "other cut", "one intent"],
)  # fmt: skip
def test_whatever_is_broken_inside_is_a_bad_model(tmp_path: Path, change: dict[str, bytes | None]) -> None:
    path = e5_archive(tmp_path / "m.tar.gz", change=change)
    with pytest.raises(BadModel, match="make train"):
        RasaModel(path, LetterEmbedder())


def test_a_pipeline_without_the_needed_component_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="no E5Classifier"):
        RasaModel(sparse_archive(tmp_path / "m.tar.gz"), LetterEmbedder())


def test_arrays_of_python_objects_are_never_loaded(tmp_path: Path) -> None:
    objects = archives.npy(np.array([{"any": "object"}], dtype=object))
    path = e5_archive(tmp_path / "m.tar.gz", change={"components/e5/probe.npy": objects})
    with pytest.raises(BadModel, match="allow_pickle"):
        RasaModel(path, LetterEmbedder())


def test_a_huge_member_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = e5_archive(tmp_path / "m.tar.gz")
    monkeypatch.setattr(archive, "LIMIT", 100)
    with pytest.raises(BadModel, match="bytes"):
        archive.read_archive(path)


def test_the_sparse_model_counts_words(tmp_path: Path) -> None:
    model = SparseModel(sparse_archive(tmp_path / "s.tar.gz"))
    assert model.parse("Héllo!!").intent.name == "greet"
    assert model.parse("when?").intent.name == "ask_question"
    assert model.parse("something else").intent.name == "nlu_fallback"
    assert model.parse("hello").vector is None


@pytest.mark.parametrize(
    "weights",
    [
        b"no zip",
        archives.skops(np.eye(3), np.zeros(3), kind="SVC"),
        archives.skops(np.eye(2, 3), np.zeros(2), ("greet", "thank")),
    ],
    ids=["no zip", "another class", "two intents"],
)
def test_sparse_weights_that_are_no_logistic_regression_are_refused(tmp_path: Path, weights: bytes) -> None:
    with pytest.raises(BadModel, match="make train"):
        SparseModel(sparse_archive(tmp_path / "s.tar.gz", weights=weights))


@pytest.mark.parametrize(
    "setting", [{"analyzer": "char"}, {"strip_accents": "ascii"}, {"OOV_token": "oov"}, {"lowercase": False}]
)
def test_sparse_settings_that_are_not_served_are_refused_rather_than_misread(
    tmp_path: Path, setting: dict
) -> None:
    with pytest.raises(BadModel):
        SparseModel(sparse_archive(tmp_path / "s.tar.gz", **setting))


def test_a_sparse_archive_whose_weights_do_not_fit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.tar.gz"
    nodes = {
        "a": archives.node("x.CountVectorsFeaturizer", "cv"),
        "b": archives.node("x.LogisticRegressionClassifier", "lr"),
        "c": archives.node("x.FallbackClassifier", threshold=0.5, ambiguity_threshold=0.1),
    }
    files = {
        "components/cv/vocabularies.json": b'{"text": {"hello": 0}}',
        "components/lr/lr.skops": archives.skops(np.eye(3), np.zeros(3)),
    }
    with pytest.raises(BadModel, match="differ in size"):
        SparseModel(archives.write(path, nodes, files))


def test_accents_are_kept_where_the_archive_keeps_them(tmp_path: Path) -> None:
    model = SparseModel(sparse_archive(tmp_path / "s.tar.gz", strip_accents=None))
    assert model.parse("héllo").intent.name == "nlu_fallback"
