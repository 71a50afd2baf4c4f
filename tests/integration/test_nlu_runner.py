"""Our way through a model's graph beside Rasa's own."""

import asyncio
import json
from pathlib import Path

from bot.rasa.child import nlu_environment, nlu_python
from bot.rasa.testset import read_testset
from tests.contract.nlu_server import NLU_DIR

SCRIPT = """
import json, sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, sys.argv[1])
from quiet import silence
silence()
from model import Model, understood
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

texts = json.load(sys.stdin)
processor = Agent.load(sys.argv[2]).processor
target = processor.model_metadata.nlu_target
asked = [{"__message__": [UserMessage(text)]} for text in texts]
theirs = [understood(processor.graph_runner.run(one, [target])[target][0]) for one in asked]
ours = Model(Path(sys.argv[2])).parse
json.dump([theirs, [ours([text])[0] for text in texts]], sys.stdout)
"""


def some_texts() -> list[str]:
    files = [file for file in sorted((NLU_DIR / "tests").iterdir()) if file.is_file()]
    return [utterance.text for file in files for utterance in read_testset(file)[::20]]


async def test_both_runners_say_the_same(nlu_model: Path) -> None:
    """Every intent, confidence and entity, in every language."""
    texts = [text for text in some_texts() if any(char.isalnum() for char in text)]
    process = await asyncio.create_subprocess_exec(
        *(str(nlu_python(NLU_DIR)), "-c", SCRIPT, str(NLU_DIR), str(nlu_model)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=nlu_environment(),
    )
    printed, _ = await process.communicate(json.dumps([*texts, "hablas español?"]).encode())
    theirs, ours = json.loads(printed)
    assert len(ours) == len(texts) + 1 > 50
    assert ours == theirs
    assert ours[-1]["entities"]
