"""Learns the weights of the bot's second ear (bot/safety/ear.py), which hears danger without us.

Reads JSON Lines from standard input, {"danger": intent or null, "grams": […]}, one an example, and
writes the weights to standard output: a first line with the bias and each danger's own, then a line
a gram: the gram, its weight for danger in whole numbers, and for each danger a letter.

Two logistic regressions with L2: danger or not, learned from all examples, and which danger,
learned from the dangerous ones. A gram counts by how rare it is, a text's grams by the square root
of their number. The least telling are left out, and the rest are learned anew without them.
"""

import json
import os
import sys
from collections import Counter
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, TextIO

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # the same result every time

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

FEWEST = 3
"""Examples in which a gram must occur."""

MOST = 45_000
"""Grams that are kept."""

WORD = "w "
"""How a gram begins that is a word. These go first, as the bot sums them up at its start."""

SCALE = 5.0
"""How much weights may differ, in place of a factor of the L2 penalty. Found by experiment."""

UNIT, LEAN_UNIT = 20, 2.5
"""Whole numbers to one of the logit, as bot/safety/ear.py has them."""

MIDDLE, FARTHEST = ord("m"), 12
"""The letter for "says nothing of this danger", and how far others may be from it."""

Weights = Any  # numpy has no types of its own here


class Example(NamedTuple):
    """The danger that a text tells of, if any, and its grams."""

    danger: Optional[str]
    grams: List[str]


def read(lines: Iterable[str]) -> List[Example]:
    """The examples, one a line."""
    return [Example(row["danger"], row["grams"]) for row in map(json.loads, lines)]


def weigh(examples: List[Example], out: TextIO) -> None:
    """Learn from `examples` and write what was learned to `out`."""
    spread = Counter(gram for example in examples for gram in set(example.grams))
    grams = np.array(sorted(gram for gram, count in spread.items() if count >= FEWEST))
    often = np.array([spread[gram] for gram in grams], dtype=float)
    rarity = SCALE * np.log(len(examples) / often) / 5
    counts = _counts(examples, {gram: column for column, gram in enumerate(grams)})
    labels = np.array([example.danger or "" for example in examples])

    critical = labels != ""
    weight, _ = _fit(_weighted(counts, rarity), np.column_stack([~critical, critical]))
    telling = np.abs(weight[:, 1] - weight[:, 0]) * rarity * np.sqrt(often)
    telling[np.char.startswith(grams, WORD)] = np.inf
    kept = np.sort(np.argsort(-telling, kind="stable")[:MOST])
    grams, rarity = grams[kept], rarity[kept]
    matrix = _weighted(counts[:, kept], rarity)

    weight, bias = _fit(matrix, np.column_stack([~critical, critical]))
    values = np.rint((weight[:, 1] - weight[:, 0]) * rarity * UNIT).astype(int)
    dangers = sorted(set(labels[critical]))
    lean, lean_bias = _fit(matrix[critical], labels[critical][:, None] == np.array(dangers))
    leans = np.rint((lean - lean.mean(1, keepdims=True)) * rarity[:, None] * LEAN_UNIT)
    letters = np.clip(leans, -FARTHEST, FARTHEST).astype(int) + MIDDLE

    own = " ".join(f"{d}={b:.0f}" for d, b in zip(dangers, lean_bias * LEAN_UNIT, strict=True))
    print("", f"{(bias[1] - bias[0]) * UNIT:.0f}", own, sep="\t", file=out)
    for gram, value, row in zip(grams, values, letters, strict=True):
        print(gram, value, "".join(map(chr, row)), sep="\t", file=out)


def _counts(examples: List[Example], columns: Dict[str, int]) -> sparse.csr_matrix:
    """How often each gram is in each example, by the root of the number of all its grams."""
    places: List[int] = []
    ends = [0]
    for example in examples:
        places += [columns[gram] for gram in example.grams if gram in columns]
        ends.append(len(places))
    shape = (len(examples), len(columns))
    matrix = sparse.csr_matrix((np.ones(len(places)), places, ends), shape)
    matrix.sum_duplicates()
    sizes = np.array([max(1, len(example.grams)) for example in examples], dtype=float)
    return (sparse.diags(1 / np.sqrt(sizes)) @ matrix).tocsr()


def _weighted(counts: sparse.csr_matrix, rarity: Weights) -> sparse.csr_matrix:
    return (counts @ sparse.diags(rarity)).tocsr()


def _fit(matrix: sparse.csr_matrix, truth: Weights) -> "tuple[Weights, Weights]":
    """Weights and biases of a multinomial logistic regression; a column of `truth` a class."""
    flipped = matrix.T.tocsr()
    truth = truth.astype(float)
    shape = (matrix.shape[1] + 1, truth.shape[1])

    def loss(flat: Weights) -> "tuple[float, Weights]":
        weight, bias = flat.reshape(shape)[:-1], flat.reshape(shape)[-1]
        logits = matrix @ weight + bias
        logits -= logits.max(1, keepdims=True)
        chances = np.exp(logits)
        total = chances.sum(1, keepdims=True)
        wrong = np.log(total).sum() - (logits * truth).sum()
        error = chances / total - truth
        slope = np.vstack([flipped @ error + weight, error.sum(0)])
        return wrong + (weight**2).sum() / 2, slope.ravel()

    found = minimize(
        loss,
        np.zeros(shape).ravel(),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 100, "maxcor": 6},
    )
    return found.x.reshape(shape)[:-1], found.x.reshape(shape)[-1]


if __name__ == "__main__":
    weigh(read(sys.stdin), sys.stdout)
