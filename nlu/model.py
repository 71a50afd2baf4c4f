"""The trained model, asked for what texts mean."""

import hashlib
import re
from pathlib import Path
from typing import Any, Dict, List, Sequence

from guard import clean, has_words

ALTERNATIVES = 5
NOTHING_SAID: Dict[str, Any] = {
    "intent": "out_of_scope",
    "confidence": 0.0,
    "alternatives": [],
    "entities": [],
}
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


class ModelUnusable(Exception):
    """The model file is damaged or of another version; the message says what to do."""


class Model:
    """A loaded model. `fingerprint` names it: the hash of its training inputs, or of its file."""

    def __init__(self, path: Path) -> None:
        """Load the model, which takes seconds. Raises ModelUnusable."""
        from rasa.core.agent import Agent
        from rasa.exceptions import UnsupportedModelVersionError

        try:
            agent = Agent.load(path)
        except UnsupportedModelVersionError:
            raise ModelUnusable("the model is of another Rasa version; train it again") from None
        except Exception as error:
            raise ModelUnusable(
                f"the model cannot be loaded ({type(error).__name__}); train it again"
            ) from None
        if agent.processor is None:
            raise ModelUnusable("the model cannot be loaded; train it again")
        self._runner = agent.processor.graph_runner
        self._target = agent.processor.model_metadata.nlu_target
        self.fingerprint = _fingerprint(path)
        self.parse(["hello"])  # the first text takes longer, and shows a model that cannot parse

    def parse(self, texts: Sequence[str]) -> List[Dict[str, Any]]:
        """What each text means, in order.

        Asks Rasa's graph directly: as `Agent.parse_message` does, but for all texts at once, and
        with no logger on the way.
        """
        from rasa.core.channels.channel import UserMessage
        from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
        from rasa.shared.core.trackers import DialogueStateTracker

        cleaned = [clean(text) for text in texts]
        asked = [text for text in cleaned if has_words(text)]
        answers: List[Dict[str, Any]] = []
        if asked:
            inputs = {
                PLACEHOLDER_MESSAGE: [UserMessage(text) for text in asked],
                PLACEHOLDER_TRACKER: DialogueStateTracker.from_events("nobody", []),
            }
            parsed = self._runner.run(inputs=inputs, targets=[self._target])[self._target]
            answers = [_answer(message.as_dict(only_output_properties=True)) for message in parsed]
        remaining = iter(answers)
        return [next(remaining) if has_words(text) else NOTHING_SAID for text in cleaned]


def _answer(parsed: Dict[str, Any]) -> Dict[str, Any]:
    ranking = [
        {"intent": guess["name"], "confidence": round(float(guess["confidence"]), 4)}
        for guess in parsed["intent_ranking"]
    ]
    return {
        **ranking[0],
        "alternatives": ranking[1 : ALTERNATIVES + 1],
        "entities": [
            {"entity": entity["entity"], "value": str(entity["value"])}
            for entity in parsed.get("entities", [])
        ],
    }


def _fingerprint(path: Path) -> str:
    stem = path.name.partition(".")[0]
    if _FINGERPRINT.fullmatch(stem):
        return stem
    return hashlib.sha256(path.read_bytes()).hexdigest()
