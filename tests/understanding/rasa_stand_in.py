"""The few names of Rasa that the featurizer and the parity script use, so that both run without Rasa."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


class Storage:
    """A model storage: one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def write_to(self, resource: Any) -> Iterator[Path]:
        """The folder, to write."""
        yield self.folder

    read_from = write_to


class Message:
    """A message with a text and the features it is given."""

    def __init__(self, text: str | None) -> None:
        self.text = text
        self.features: list[Any] = []

    def get(self, name: str) -> str | None:
        """Its text."""
        return self.text if name == "text" else None


class DenseFeaturizer:
    """Rasa's base class, as far as it is used."""

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        self.validate_config(config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's own default."""
        return {"alias": None}

    def add_features_to_message(self, sequence: Any, sentence: Any, attribute: str, message: Message) -> None:
        """Keep the sentence's features."""
        assert sequence is None
        assert attribute == "text"
        message.features.append(sentence)


class Recipe:
    """DefaultV1Recipe: registers nothing."""

    class ComponentType:
        """Kinds of components."""

        MESSAGE_FEATURIZER = 1

    @staticmethod
    def register(kind: int, is_trainable: bool) -> Any:
        """A decorator that changes nothing."""
        return lambda component: component


class Agent:
    """Rasa's agent: greets everybody."""

    @staticmethod
    def load(archive: str) -> Agent:
        """Any archive will do."""
        return Agent()

    async def parse_message(self, text: str) -> dict[str, Any]:
        """One answer for all."""
        ranking = [{"name": f"intent_{place}", "confidence": 0.5 - place / 10} for place in range(5)]
        return {"text": text, "intent": {"name": "greet", "confidence": 0.5}, "intent_ranking": ranking}


class SilentLog(types.ModuleType):
    """structlog, as far as the parity script silences it."""

    def configure(self, **settings: Any) -> None:
        """Nothing is configured."""
        settings["logger_factory"].close()

    @staticmethod
    def PrintLoggerFactory(file: Any) -> Any:
        """The file that swallows everything."""
        return file


NAMES: dict[str, dict[str, Any]] = {
    "rasa": {},
    "rasa.core": {},
    "rasa.core.agent": {"Agent": Agent},
    "rasa.engine": {},
    "rasa.engine.graph": {"ExecutionContext": object, "GraphComponent": type("GraphComponent", (), {})},
    "rasa.engine.recipes": {},
    "rasa.engine.recipes.default_recipe": {"DefaultV1Recipe": Recipe},
    "rasa.engine.storage": {},
    "rasa.engine.storage.resource": {"Resource": object},
    "rasa.engine.storage.storage": {"ModelStorage": Storage},
    "rasa.nlu": {},
    "rasa.nlu.featurizers": {},
    "rasa.nlu.featurizers.dense_featurizer": {},
    "rasa.nlu.featurizers.dense_featurizer.dense_featurizer": {"DenseFeaturizer": DenseFeaturizer},
    "rasa.nlu.tokenizers": {},
    "rasa.nlu.tokenizers.tokenizer": {"Tokenizer": type("Tokenizer", (), {})},
    "rasa.shared": {},
    "rasa.shared.nlu": {},
    "rasa.shared.nlu.constants": {"TEXT": "text"},
    "rasa.shared.nlu.training_data": {},
    "rasa.shared.nlu.training_data.message": {"Message": Message},
    "rasa.shared.nlu.training_data.training_data": {"TrainingData": object},
}


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the stand-ins where `import rasa…` finds them, for one test."""
    for name, members in NAMES.items():
        module = types.ModuleType(name)
        module.__dict__.update(members)
        monkeypatch.setitem(sys.modules, name, module)
