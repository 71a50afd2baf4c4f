"""Rasa featurizers that give every message its sentence's vector.

Another encoder is a function in ``sentences.py``, a class of three lines here, and a line in
``config.yml``.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Sequence

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components import sentences
from components.text import normalise


class EmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """Gives every message one vector, times ``scale``, as its sentence feature.

    A subclass names the encoder. Nothing is trained and nothing is stored with the model: the
    weights come with the encoder's package, pinned in ``requirements.lock``.
    """

    make_encoder: Callable[[], sentences.Encoder]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """``scale`` multiplies the vectors, which the encoders give at length 1."""
        return {**DenseFeaturizer.get_default_config(), "scale": 1.0}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmbeddingFeaturizer:
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Raises InvalidConfigException unless ``scale`` is a number above 0."""
        scale = config["scale"]
        if isinstance(scale, bool) or not isinstance(scale, (int, float)) or scale <= 0:
            raise InvalidConfigException(f"{cls.__name__}: 'scale' must be a number above 0.")

    def __init__(self, name: str, config: Dict[str, Any]) -> None:
        super().__init__(name, config)
        self._encode: Optional[sentences.Encoder] = None

    def process(self, messages: List[Message]) -> List[Message]:
        if self._encode is None:
            self._encode = self.make_encoder()
        asked = [message for message in messages if message.get(TEXT)]
        for start in range(0, len(asked), sentences.BATCH):
            batch = asked[start : start + sentences.BATCH]
            self._add(batch, self._encode(_texts(batch)))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """As `process`, on all cores: encoding would be half of the time for training."""
        asked = [message for message in training_data.training_examples if message.get(TEXT)]
        self._add(asked, sentences.encode_many(self.make_encoder, _texts(asked)))
        return training_data

    def _add(self, messages: Sequence[Message], rows: np.ndarray) -> None:
        for message, row in zip(messages, rows * np.float32(self._config["scale"]), strict=True):
            feature = Features(row[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
            message.add_features(feature)


def _texts(messages: Sequence[Message]) -> List[str]:
    return [normalise(message.get(TEXT)) for message in messages]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class UseFeaturizer(EmbeddingFeaturizer):
    """By the Universal Sentence Encoder."""

    make_encoder = staticmethod(sentences.use)
