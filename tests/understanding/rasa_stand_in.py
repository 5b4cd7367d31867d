"""The few names of Rasa that the classifier and the parity script use, so that both run without Rasa."""

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
    """A message with a text, and what it is given."""

    def __init__(self, text: str | None, intent: str | None = None) -> None:
        self.text = text
        self.found: dict[str, Any] = {"intent": intent}

    def get(self, name: str) -> Any:
        """Its text or what it was given."""
        return self.text if name == "text" else self.found[name]

    def set(self, name: str, value: Any, add_to_output: bool) -> None:
        """Keep what is found, for the output."""
        assert add_to_output
        self.found[name] = value


class Recipe:
    """DefaultV1Recipe: registers nothing."""

    class ComponentType:
        """Kinds of components."""

        INTENT_CLASSIFIER = 1

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
    "rasa.nlu.classifiers": {},
    "rasa.nlu.classifiers.classifier": {"IntentClassifier": type("IntentClassifier", (), {})},
    "rasa.shared": {},
    "rasa.shared.nlu": {},
    "rasa.shared.nlu.constants": {"TEXT": "text", "INTENT": "intent"},
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
