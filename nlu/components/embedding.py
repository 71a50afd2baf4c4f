"""Turns an encoder of sentences into a Rasa featurizer."""

from __future__ import annotations

import unicodedata
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
SCRIPTS = ("ARABIC", "CYRILLIC", "DEVANAGARI", "LATIN")
"""Scripts by the first word of their letters' names in Unicode."""


class EmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """Gives every message one vector, times ``scale``, as its sentence feature.

    A subclass names the encoder. Nothing is trained and nothing is stored with the model: the
    weights come with the encoder's package, pinned in ``requirements.lock``.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """``scale`` multiplies the vectors, which the encoders give at length 1. With ``script``,
        such as DEVANAGARI, only texts with a letter of it are encoded; the others get zeros."""
        return {**DenseFeaturizer.get_default_config(), "scale": 1.0, "script": None}

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
        """Raises InvalidConfigException unless ``scale`` is a number above 0 and ``script`` is a
        name that Unicode's letters bear."""
        scale, script = config["scale"], config["script"]
        if isinstance(scale, bool) or not isinstance(scale, (int, float)) or scale <= 0:
            raise InvalidConfigException(f"{cls.__name__}: 'scale' must be a number above 0.")
        if script is not None and script not in SCRIPTS:
            known = ", ".join(SCRIPTS)
            raise InvalidConfigException(f"{cls.__name__}: 'script' must be one of {known}.")

    dimensions: int
    """How long the encoder's vectors are."""

    @abstractmethod
    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One row of length 1 for each text (float, len(texts) × dimensions)."""

    def process(self, messages: List[Message]) -> List[Message]:
        asked = [message for message in messages if message.get(TEXT)]
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            rows = self._rows([normalise(message.get(TEXT)) for message in batch])
            for message, row in zip(batch, rows, strict=True):
                feature = Features(row[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
                message.add_features(feature)
        return messages

    def _rows(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        script = self._config["script"]
        covered = [n for n, text in enumerate(texts) if script is None or _has(text, script)]
        if covered:
            rows[covered] = self.encode([texts[n] for n in covered])
        return rows * np.float32(self._config["scale"])

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data


def _has(text: str, script: str) -> bool:
    return any(unicodedata.name(char, "").startswith(script) for char in text)
