"""Multinomial logistic regression on dense and sparse columns at once."""

from __future__ import annotations

from typing import NamedTuple, Tuple

import numpy as np
import scipy.sparse
from scipy.optimize import minimize


class Weights(NamedTuple):
    """What is multiplied with dense columns and sparse columns, and added (columns × classes)."""

    dense: np.ndarray
    sparse: np.ndarray
    bias: np.ndarray


def fit(
    dense: np.ndarray, sparse: scipy.sparse.csr_matrix, labels: np.ndarray, max_iter: int
) -> Weights:
    """The weights for which the log-likelihood of `labels` (0, 1, …), less half their squares'
    sum, is largest; found by L-BFGS in `max_iter` steps at most.

    The scale of a column sets how much it is held back. The bias is not.
    """
    rows, wide, long = len(labels), dense.shape[1], sparse.shape[1]
    classes = int(labels.max()) + 1
    wanted = np.zeros((rows, classes), np.float32)
    wanted[np.arange(rows), labels] = 1.0
    sparse = sparse.astype(np.float32)
    turned = sparse.T.tocsr()

    def loss(flat: np.ndarray) -> Tuple[float, np.ndarray]:
        w = flat.reshape(-1, classes).astype(np.float32)
        scores = dense @ w[:wide] + sparse @ w[wide:-1] + w[-1]
        top = scores.max(axis=1, keepdims=True)
        total = top + np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
        excess = np.exp(scores - total) - wanted
        slope = np.vstack([dense.T @ excess, turned @ excess, excess.sum(axis=0)])
        slope[:-1] += w[:-1]
        squares = float(np.square(flat[:-classes]).sum())
        surprise = float((total[:, 0] - (wanted * scores).sum(axis=1)).sum())
        return surprise + squares / 2, slope.ravel().astype(np.float64)

    start = np.zeros((wide + long + 1) * classes)
    settings = {"maxiter": max_iter, "maxcor": 8, "ftol": 1e-6}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=settings).x
    w = found.reshape(-1, classes).astype(np.float32)
    return Weights(w[:wide], w[wide:-1], w[-1])


def probabilities(
    weights: Weights, dense: np.ndarray, sparse: scipy.sparse.csr_matrix
) -> np.ndarray:
    """One row for each text, one column for each class; every row's sum is 1."""
    scores = dense @ weights.dense + sparse @ weights.sparse + weights.bias
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    return likely / likely.sum(axis=1, keepdims=True)
