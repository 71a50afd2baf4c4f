"""The trained model, asked for what texts mean."""

import errno
import gc
import hashlib
import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Dict, List, Sequence, Tuple

from guard import clean, has_words

if TYPE_CHECKING:
    from rasa.engine.runner.interface import GraphRunner
    from rasa.shared.nlu.training_data.message import Message

ALTERNATIVES = 5
NOTHING_SAID: Dict[str, Any] = {
    "intent": "out_of_scope",
    "confidence": 0.0,
    "alternatives": [],
    "entities": [],
}
WARMING = (["hello"], ["नमस्ते"], ["hello", "नमस्ते"] * 4)
"""Parsed before anybody asks: the first texts take longer, and show a model that cannot parse."""
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


class ModelUnusable(Exception):
    """The model file is damaged or of another version; the message says what to do."""


class ModelOutOfReach(Exception):
    """The machine has no room for it now, and may have some later; the message says of what."""


PASSING = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.EIO,
    }
)
"""Faults of the machine and not of the model, which is unpacked when it is loaded."""


def why_not(error: Exception) -> Exception:
    """What a model that could not be loaded for `error` is."""
    if isinstance(error, OSError) and error.errno in PASSING:
        return ModelOutOfReach(f"the model cannot be loaded now ({os.strerror(error.errno)})")
    return ModelUnusable(f"the model cannot be loaded ({type(error).__name__}); train it again")


class Model:
    """A loaded model. `fingerprint` names it: the hash of its training inputs, or of its file."""

    def __init__(self, path: Path) -> None:
        """Load the model, which takes seconds. Raises ModelUnusable or ModelOutOfReach."""
        from rasa.core.channels.channel import UserMessage
        from rasa.engine.constants import PLACEHOLDER_MESSAGE
        from rasa.exceptions import UnsupportedModelVersionError

        self._message, self._input = UserMessage, PLACEHOLDER_MESSAGE
        self.fingerprint = _fingerprint(path)
        try:
            self._runner, self._target = _load(path)
            for texts in WARMING:
                self.parse(texts)
        except UnsupportedModelVersionError:
            raise ModelUnusable("the model is of another Rasa version; train it again") from None
        except Exception as error:
            raise why_not(error) from None
        # All that is loaded by now stays. Left to the collector, it would be gone through again
        # and again, for tenths of a second each time.
        gc.collect()
        gc.freeze()

    def parse(self, texts: Sequence[str]) -> List[Dict[str, Any]]:
        """What each text means, in order.

        Asks Rasa's graph directly: as `Agent.parse_message` does, but for all texts at once, and
        with no logger on the way.
        """
        cleaned = [clean(text) for text in texts]
        spoken = [has_words(text) for text in cleaned]
        asked = [text for text, words in zip(cleaned, spoken, strict=True) if words]
        answers: List[Dict[str, Any]] = []
        if asked:
            inputs = {self._input: [self._message(text) for text in asked]}
            parsed = self._runner.run(inputs, [self._target])[self._target]
            answers = [understood(message) for message in parsed]
        remaining = iter(answers)
        return [next(remaining) if words else NOTHING_SAID for words in spoken]


def _load(path: Path) -> Tuple["GraphRunner", str]:
    """The graph of the model, and its node that knows what a text means."""
    from rasa.engine.loader import load_predict_graph_runner
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from runner import StraightRunner

    with TemporaryDirectory() as folder:
        metadata, runner = load_predict_graph_runner(
            Path(folder), path, LocalModelStorage, StraightRunner
        )
    if metadata.nlu_target is None:
        raise ModelUnusable("the model understands no texts")
    return runner, metadata.nlu_target


def understood(message: "Message") -> Dict[str, Any]:
    """What the graph found in a message, in the form of an answer."""
    ranking = [
        {"intent": guess["name"], "confidence": round(float(guess["confidence"]), 4)}
        for guess in message.get("intent_ranking")[: ALTERNATIVES + 1]
    ]
    return {
        **ranking[0],
        "alternatives": ranking[1:],
        "entities": [
            {"entity": entity["entity"], "value": str(entity["value"])}
            for entity in message.get("entities", [])
        ],
    }


def _fingerprint(path: Path) -> str:
    stem = path.name.partition(".")[0]
    if _FINGERPRINT.fullmatch(stem):
        return stem
    return hashlib.sha256(path.read_bytes()).hexdigest()
