"""TF-IDF of n-grams, run where it lives: NumPy is in the model's environment alone."""

import subprocess

import pytest

from tests.contract.nlu_server import NLU_DIR

CHECKS = """
import random, sys
import numpy as np
from components.tfidf import Tfidf, View

LETTERS = [View(True, (1, 5), 3), View(True, (2, 4), 1)]
RUNS = [View(False, (1, 2), 2), View(False, (1, 3), 1)]
VIEWS = LETTERS + RUNS
rng = random.Random(7)
WORDS = ["he", "hit", "me", "me", "mujhe", "मुझे", "عايزة", "aaaa", "a", "🙂"]
TEXTS = [" ".join(rng.choices(WORDS, k=rng.randrange(8))) for _ in range(200)] + ["", " ", "unseen"]


def dense(table, text):
    row = np.zeros(len(table.columns), np.float32)
    columns, values = table.row(text)
    row[columns] = values
    return row


def all_at_once_is_one_by_one():
    for view in VIEWS:
        table = Tfidf.fit(view, TEXTS[:100])
        together = table.rows(TEXTS).toarray()
        apart = np.array([dense(table, text) for text in TEXTS])
        assert together.shape == apart.shape
        assert np.allclose(together, apart, rtol=0, atol=1e-6)


def rows_have_length_one():
    for view in VIEWS:
        table = Tfidf.fit(view, TEXTS)
        lengths = np.linalg.norm(table.rows(TEXTS).toarray(), axis=1)
        known = np.array([len(table.row(text)[0]) > 0 for text in TEXTS])
        assert known.any() and not known.all()
        assert np.allclose(lengths, known, rtol=0, atol=1e-6)


def the_rare_is_left_out():
    table = Tfidf.fit(View(False, (1, 2), 2), ["he hit me", "he hit her", "me me me"])
    assert list(table.columns) == ["he", "he hit", "hit", "me"]


def letters_stay_within_words():
    table = Tfidf.fit(View(True, (2, 3), 1), ["ab c"])
    assert list(table.columns) == [" a", " ab", " c", " c ", "ab", "ab ", "b ", "c "]


def values_are_those_of_the_formula():
    table = Tfidf.fit(View(False, (1, 1), 1), ["a a b", "a", "c"])
    weights = np.array([np.log(4 / 3) + 1, np.log(4 / 2) + 1])
    expected = np.array([1 + np.log(2), 1]) * weights
    columns, values = table.row("a b a z")
    assert columns.tolist() == [table.columns["a"], table.columns["b"]]
    assert np.allclose(values, expected / np.linalg.norm(expected), rtol=0, atol=1e-6)


def nothing_gives_nothing():
    table = Tfidf.fit(RUNS[0], ["he hit me"] * 3)
    assert [part.size for part in table.row("")] == [0, 0]
    assert table.rows(["", "zzz"]).nnz == 0
    assert table.rows([]).shape == (0, len(table.columns))


globals()[sys.argv[1]]()
"""


@pytest.mark.parametrize(
    "check",
    [
        "all_at_once_is_one_by_one",
        "rows_have_length_one",
        "the_rare_is_left_out",
        "letters_stay_within_words",
        "values_are_those_of_the_formula",
        "nothing_gives_nothing",
    ],
)
def test_tfidf(check: str) -> None:
    """What `CHECKS` asserts under this name holds."""
    python = str(NLU_DIR / ".venv" / "bin" / "python")
    done = subprocess.run(
        [python, "-c", CHECKS, check], cwd=NLU_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
