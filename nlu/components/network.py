"""A network with one hidden layer on dense and sparse columns at once.

Trained with TensorFlow, which Rasa brings along, and asked with NumPy, which answers a single text
in a tenth of the time.
"""

from __future__ import annotations

from typing import NamedTuple, Tuple

import numpy as np
import scipy.sparse

SEED = 7


class Weights(NamedTuple):
    """From sparse and dense columns to hidden units, and from those to classes."""

    sparse: np.ndarray
    dense: np.ndarray
    hidden_bias: np.ndarray
    out: np.ndarray
    bias: np.ndarray


class Settings(NamedTuple):
    """How to train: ``hidden`` units, of which ``dropout`` (a share) rest in each step; ``epochs``
    over all examples in batches of ``batch``; Adam's first ``rate``, which falls to 0 in a line;
    the share of belief that is spread over all classes (``smoothing``)."""

    hidden: int = 192
    dropout: float = 0.4
    epochs: int = 6
    batch: int = 512
    rate: float = 0.006
    smoothing: float = 0.1


def fit(
    dense: np.ndarray, sparse: scipy.sparse.csr_matrix, labels: np.ndarray, settings: Settings
) -> Weights:
    """The weights that tell `labels` (0, 1, …) best from the rows of `dense` and `sparse`."""
    import tensorflow as tf

    classes = int(labels.max()) + 1
    rng = np.random.default_rng(SEED)
    tf.random.set_seed(SEED)

    def start(rows: int, columns: int, spread: float) -> tf.Variable:
        values = rng.standard_normal((rows, columns)) * spread
        return tf.Variable(values.astype(np.float32))

    hidden = settings.hidden
    variables = Weights(
        # About 150 columns of a text are set, with 2 as the sum of their squares.
        sparse=start(sparse.shape[1], hidden, 0.1),
        dense=start(dense.shape[1], hidden, (2 / (dense.shape[1] + hidden)) ** 0.5),
        hidden_bias=tf.Variable(tf.zeros(hidden)),
        out=start(hidden, classes, (2 / (hidden + classes)) ** 0.5),
        bias=tf.Variable(tf.zeros(classes)),
    )
    optimizer = tf.keras.optimizers.legacy.Adam()

    @tf.function(reduce_retracing=True, autograph=False)
    def step(dense: tf.Tensor, sparse: tf.SparseTensor, labels: tf.Tensor, rate: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            seen = tf.sparse.sparse_dense_matmul(sparse, variables.sparse) + dense @ variables.dense
            units = tf.nn.dropout(tf.nn.relu(seen + variables.hidden_bias), settings.dropout)
            scores = units @ variables.out + variables.bias
            wanted = tf.one_hot(labels, classes) * (1 - settings.smoothing)
            wanted += settings.smoothing / classes
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(wanted, scores))
        optimizer.learning_rate = rate
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))

    rows, size = len(labels), min(settings.batch, len(labels))
    steps = settings.epochs * (rows // size)
    for number in range(steps):
        place = number % (rows // size)
        if place == 0:
            order = rng.permutation(rows)
        some = order[place * size : (place + 1) * size]
        rate = tf.constant(settings.rate * (1 - number / steps), tf.float32)
        step(tf.constant(dense[some]), _tensor(sparse[some]), tf.constant(labels[some]), rate)
    return Weights(*(variable.numpy() for variable in variables))


def probabilities(
    weights: Weights, dense: np.ndarray, sparse: scipy.sparse.csr_matrix, sharpness: float
) -> np.ndarray:
    """One row for each text, one column for each class; every row's sum is 1.

    `sharpness` above 1 makes up for the caution that smoothing and dropout teach.
    """
    units = sparse @ weights.sparse + dense @ weights.dense + weights.hidden_bias
    scores = (np.maximum(units, 0) @ weights.out + weights.bias) * sharpness
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    return likely / likely.sum(axis=1, keepdims=True)


def _tensor(rows: scipy.sparse.csr_matrix) -> Tuple:
    import tensorflow as tf

    entries = rows.tocoo()
    places = np.stack([entries.row, entries.col], axis=1).astype(np.int64)
    return tf.sparse.reorder(tf.SparseTensor(places, entries.data, entries.shape))
