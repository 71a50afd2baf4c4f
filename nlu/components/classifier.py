"""The classifier over dense and sparse features."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Tuple, Type

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.network import Settings, Weights, fit, probabilities


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class HiddenLayerClassifier(IntentClassifier, GraphComponent):
    """A network with one hidden layer over dense and sparse features, each kept in its own form.

    Rasa's own linear one turns the dense features into sparse matrices and takes ten times as long.
    """

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """How to train (``network.Settings``); ``sharpness`` of the confidence; and the number of
        guesses given back (``ranking_length``)."""
        return {**Settings()._asdict(), "sharpness": 1.0, "ranking_length": 10}

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Raises InvalidConfigException unless each setting is a number in its range."""
        for name in ("hidden", "epochs", "batch", "ranking_length"):
            value = config[name]
            if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
                raise InvalidConfigException(f"{cls.__name__}: '{name}' must be 1 or more.")
        for name in ("rate", "sharpness"):
            if not _is_number(config[name]) or config[name] <= 0:
                raise InvalidConfigException(f"{cls.__name__}: '{name}' must be above 0.")
        for name in ("dropout", "smoothing"):
            if not _is_number(config[name]) or not 0 <= config[name] < 1:
                raise InvalidConfigException(f"{cls.__name__}: '{name}' must be in 0 to 1.")

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> HiddenLayerClassifier:
        return cls(config, model_storage, resource)

    def __init__(
        self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self.validate_config(config)
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._intents: List[str] = []
        self._weights: Optional[Weights] = None

    def train(self, training_data: TrainingData) -> Resource:
        examples = [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        names = [message.get(INTENT) for message in examples]
        self._intents = sorted(set(names))
        place = {intent: number for number, intent in enumerate(self._intents)}
        dense, sparse = _features(examples)
        labels = np.array([place[name] for name in names])
        settings = Settings(**{name: self._config[name] for name in Settings._fields})
        self._weights = fit(dense, sparse, labels, settings)
        with self._storage.write_to(self._resource) as folder:
            (folder / "intents.json").write_text(json.dumps(self._intents), encoding="utf-8")
            halves = {n: part.astype(np.float16) for n, part in self._weights._asdict().items()}
            np.savez(folder / "weights.npz", **halves)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> HiddenLayerClassifier:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._intents = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
            with np.load(folder / "weights.npz") as stored:
                parts = {name: part.astype(np.float32) for name, part in stored.items()}
                component._weights = Weights(**parts)
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        asked = [message for message in messages if message.get(TEXT)]
        if not asked:
            return messages
        assert self._weights is not None, "train or load first"
        length = self._config["ranking_length"]
        rows = probabilities(self._weights, *_features(asked), self._config["sharpness"])
        for message, row in zip(asked, rows, strict=True):
            likeliest = np.argsort(-row)[:length]
            ranking = [
                {"name": self._intents[number], "confidence": float(row[number])}
                for number in likeliest
            ]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Unchanged: nothing behind the classifier trains on its guesses."""
        return training_data


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _features(messages: List[Message]) -> Tuple[np.ndarray, scipy.sparse.csr_matrix]:
    """The sentence features, one row for each message: dense, and sparse."""
    dense = [message.get_dense_features(attribute=TEXT)[1].features for message in messages]
    rows = [message.get_sparse_features(attribute=TEXT)[1].features for message in messages]
    ends = np.cumsum([0, *(row.nnz for row in rows)])
    data = np.concatenate([row.data for row in rows])
    indices = np.concatenate([row.indices for row in rows])
    sparse = scipy.sparse.csr_matrix((data, indices, ends), (len(rows), rows[0].shape[1]))
    return np.vstack(dense), sparse
