"""Turns an encoder of sentences into a Rasa featurizer."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Dict, List, Sequence

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.text import normalise

BATCH = 64


class EmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """Gives every message one vector, times ``scale``, as its sentence feature.

    A subclass names the encoder. Nothing is trained and nothing is stored with the model: the
    weights come with the encoder's package, pinned in ``requirements.lock``.
    """

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

    @abstractmethod
    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One row of length 1 for each text (float, len(texts) × dimensions)."""

    def process(self, messages: List[Message]) -> List[Message]:
        asked = [message for message in messages if message.get(TEXT)]
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            vectors = self.encode([normalise(message.get(TEXT)) for message in batch])
            for message, vector in zip(batch, vectors, strict=True):
                row = (vector * self._config["scale"]).reshape(1, -1)
                message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
