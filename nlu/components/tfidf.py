"""TF-IDF of n-grams, for one short text at a time.

scikit-learn's computes the same, and takes five times as long for a single text.
"""

from __future__ import annotations

from collections import Counter
from typing import Dict, Iterable, Iterator, NamedTuple, Sequence, Tuple

import numpy as np


class View(NamedTuple):
    """Which n-grams count: of letters within words, or of whole words; of these lengths."""

    of_letters: bool
    lengths: Tuple[int, int]
    fewest: int
    """Examples that an n-gram must occur in."""


class Tfidf:
    """The n-grams that occurred in training, and how telling each is."""

    def __init__(self, view: View, grams: Sequence[str], idf: np.ndarray) -> None:
        self.idf = idf
        self.columns: Dict[str, int] = {gram: column for column, gram in enumerate(grams)}
        self._view = view

    @classmethod
    def fit(cls, view: View, texts: Iterable[str]) -> Tfidf:
        """Of all n-grams in `texts` those of at least `view.fewest` texts."""
        occurs: Counter[str] = Counter()
        count = 0
        for text in texts:
            occurs.update(set(_grams(view, text)))
            count += 1
        kept = sorted(gram for gram, times in occurs.items() if times >= view.fewest)
        times = np.array([occurs[gram] for gram in kept], float)
        return cls(view, kept, (np.log((1 + count) / (1 + times)) + 1).astype(np.float32))

    def row(self, text: str) -> Tuple[np.ndarray, np.ndarray]:
        """The columns of the n-grams of `text`, and their values, of length 1 together."""
        known: Dict[int, int] = {}
        for gram in _grams(self._view, text):
            column = self.columns.get(gram)
            if column is not None:
                known[column] = known.get(column, 0) + 1
        columns = np.fromiter(known, np.int32, len(known))
        counts = np.fromiter(known.values(), np.float32, len(known))
        values = (1 + np.log(counts)) * self.idf[columns]
        return columns, values / max(float(np.sqrt(values @ values)), 1e-9)


def _grams(view: View, text: str) -> Iterator[str]:
    shortest, longest = view.lengths
    words = text.split()
    if view.of_letters:
        for word in words:
            edged = f" {word} "
            for length in range(shortest, min(longest, len(edged)) + 1):
                for start in range(len(edged) - length + 1):
                    yield edged[start : start + length]
    else:
        for length in range(shortest, longest + 1):
            for start in range(len(words) - length + 1):
                yield " ".join(words[start : start + length])
