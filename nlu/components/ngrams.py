"""What the letters and words of a text look like, beside what its sentence means."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.script import fold, skeleton
from components.text import normalise
from components.tfidf import Tfidf, View

FORMS = (fold, skeleton)
VIEWS = {
    "letters": (0, View(of_letters=True, lengths=(1, 5), fewest=8)),
    "words": (0, View(of_letters=False, lengths=(1, 2), fewest=4)),
    "skeletons": (1, View(of_letters=False, lengths=(1, 3), fewest=4)),
    "consonants": (1, View(of_letters=True, lengths=(2, 4), fewest=8)),
}
"""Which of the forms is looked at, and which n-grams of it count."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramFeaturizer(SparseFeaturizer, GraphComponent):
    """TF-IDF of letters, words and their skeletons, side by side as one sparse sentence feature.

    Each view (``VIEWS``) has length 1, times the setting of its name.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """The scale of each view."""
        return {**SparseFeaturizer.get_default_config(), **dict.fromkeys(VIEWS, 1.0)}

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Raises InvalidConfigException unless each scale is a number above 0."""
        for name in VIEWS:
            scale = config[name]
            if isinstance(scale, bool) or not isinstance(scale, (int, float)) or scale <= 0:
                raise InvalidConfigException(f"{cls.__name__}: '{name}' must be a number above 0.")

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramFeaturizer:
        return cls(config, model_storage, resource, execution_context)

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> None:
        super().__init__(execution_context.node_name, config)
        self._storage = model_storage
        self._resource = resource
        self._tables: Dict[str, Tfidf] = {}

    def train(self, training_data: TrainingData) -> Resource:
        forms = _forms(
            [message for message in training_data.training_examples if message.get(TEXT)]
        )
        with self._storage.write_to(self._resource) as folder:
            for name, (form, view) in VIEWS.items():
                table = Tfidf.fit(view, forms[form])
                self._tables[name] = table
                grams = json.dumps(list(table.columns))
                (folder / f"{name}.json").write_text(grams, encoding="utf-8")
                np.save(folder / f"{name}.npy", table.idf)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramFeaturizer:
        component = cls(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            for name, (_, view) in VIEWS.items():
                grams = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
                idf = np.load(folder / f"{name}.npy")
                component._tables[name] = Tfidf(view, grams, idf)
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            if message.get(TEXT):
                self._add(message, *self._row(normalise(message.get(TEXT))))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """As `process`, for all messages at once."""
        asked = [message for message in training_data.training_examples if message.get(TEXT)]
        forms = _forms(asked)
        views = [
            self._tables[name].rows(forms[form]) * np.float32(self._config[name])
            for name, (form, _) in VIEWS.items()
        ]
        rows = scipy.sparse.hstack(views, format="csr")
        for message, start, end in zip(asked, rows.indptr[:-1], rows.indptr[1:], strict=True):
            self._add(message, rows.indices[start:end], rows.data[start:end])
        return training_data

    def _add(self, message: Message, columns: np.ndarray, values: np.ndarray) -> None:
        width = sum(len(table.columns) for table in self._tables.values())
        row = scipy.sparse.csr_matrix((values, columns, [0, len(columns)]), (1, width))
        message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))

    def _row(self, text: str) -> Tuple[np.ndarray, np.ndarray]:
        """The columns of the n-grams of all views side by side, and their values."""
        columns, values, width = [], [], 0
        forms = [form(text) for form in FORMS]
        for name, (form, _) in VIEWS.items():
            table = self._tables[name]
            some, worth = table.row(forms[form])
            columns.append(some + width)
            values.append(worth * self._config[name])
            width += len(table.columns)
        return np.concatenate(columns), np.concatenate(values).astype(np.float32)


def _forms(messages: Sequence[Message]) -> List[List[str]]:
    """Each of ``FORMS`` of the texts. Word by word, as most words occur in many texts."""
    texts = [normalise(message.get(TEXT)).split() for message in messages]
    words = [lru_cache(maxsize=None)(form) for form in FORMS]
    return [[" ".join(map(word, text)) for text in texts] for word in words]
