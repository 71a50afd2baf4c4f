"""Training: cached, and clear about mistakes in its input."""

import asyncio
import os
import shutil
import signal
import sys
from asyncio.subprocess import DEVNULL
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.rasa.training import train
from bot.settings import ROOT
from tests.contract.nlu_server import NLU_DIR


@pytest.fixture
def nlu_dir(tmp_path: Path) -> Path:
    """A copy of `nlu/` to spoil, without models, in the same environment."""
    copy = tmp_path / "nlu"
    unneeded = shutil.ignore_patterns(".venv", "models", "__pycache__")
    shutil.copytree(NLU_DIR, copy, ignore=unneeded)
    (copy / ".venv").symlink_to(NLU_DIR / ".venv")
    return copy


async def test_a_model_is_trained_once(nlu_model: Path) -> None:
    """With the files unchanged the model is there at once, and nothing is reported."""
    reported: list[str] = []
    assert await train(NLU_DIR, reported.append) == nlu_model
    assert reported == []


async def test_any_input_decides_the_model(nlu_dir: Path) -> None:
    """A change to data, domain, configuration, components or lock asks for another model."""
    names = [
        "config.yml",
        "domain.yml",
        "requirements.lock",
        "data/en/danger.yml",
        "components/text.py",
    ]
    paths = set()
    for name in ["", *names]:
        if name:
            with (nlu_dir / name).open("a", encoding="utf-8") as file:
                file.write("\n# changed\n")
        paths.add(await printed_path(nlu_dir))
    assert len(paths) == len(names) + 1


async def printed_path(nlu_dir: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        str(nlu_dir / ".venv" / "bin" / "python"),
        str(nlu_dir / "train.py"),
        "--print-path",
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    return printed.decode().strip()


def spoil(path: Path, content: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")


def models(nlu_dir: Path) -> list[Path]:
    return list(nlu_dir.glob("models/*"))


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        (
            "data/en/more.yml",
            "nlu:\n- intent: ask_moon\n  examples: |\n    - where is the moon\n",
            "unknown intent 'ask_moon'",
        ),
        (
            "data/en/more.yml",
            "nlu:\n- intent: greet\n  examples: |\n    - i need a lawyer\n",
            "stands under ask_legal_help and greet",
        ),
        (
            "data/en/more.yml",
            "nlu:\n- intent: greet\n  examples: |\n    - HELLO!\n",
            "stands twice under greet",
        ),
        (
            "data/en/more.yml",
            "nlu:\n- intent: greet\n  examples: |\n    hello\n",
            "start with '- '",
        ),
        ("data/en/more.yml", "nlu:\n- intent: greet\n", "has no 'examples"),
        ("data/en/more.yml", "nlu: [", "more.yml:2: not valid YAML"),
        ("data/en/more.yml", "- a\n", "expected keys"),
        (
            "data/de/nlu.yml",
            "nlu:\n- intent: greet\n  examples: |\n    - servus\n",
            "data/de: no exam",
        ),
        ("domain.yml", "intents: greet\n", "'intents' must be a list"),
        ("config.yml", "recipe: default.v1\npipeline:\n- name: Nonsense\n", "training failed"),
        (
            "config.yml",
            "recipe: default.v1\nassistant_id: x\npipeline:\n"
            "- name: components.encoders.UseFeaturizer\n  scale: -1\n"
            "- name: LogisticRegressionClassifier\n",
            "'scale' must be a number above 0",
        ),
        (
            "config.yml",
            "recipe: default.v1\nassistant_id: x\npipeline:\n"
            "- name: components.encoders.UseFeaturizer\n"
            "- name: components.classifier.HiddenLayerClassifier\n  dropout: 2\n",
            "'dropout' must be in 0 to 1",
        ),
        ("config.yml", "recipe: default.v1\nassistant_id: x\n", "without a specified pipeline"),
    ],
)
async def test_a_mistake_is_named_with_its_place(
    nlu_dir: Path, file: str, content: str, told: str
) -> None:
    """One line for each mistake, in words, without a traceback."""
    spoil(nlu_dir / file, content)
    with pytest.raises(ConfigurationError) as caught:
        await train(nlu_dir, lambda _: None)
    assert told in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert models(nlu_dir) == []


async def test_a_missing_environment_is_named(tmp_path: Path) -> None:
    """Without Rasa's Python the error says what to run."""
    with pytest.raises(ConfigurationError, match="make nlu"):
        await train(tmp_path, print)


BOT = """
import asyncio, pathlib, sys
from bot.rasa.training import train
asyncio.run(train(pathlib.Path(sys.argv[1]), lambda _: None))
"""

STUCK = """
import os, time
from components.encoders import DefaultV1Recipe, EmbeddingFeaturizer

ALIVE = os.open("{alive}", os.O_WRONLY | os.O_NONBLOCK)  # open as long as the process lives

def make():
    os.write(ALIVE, b"%d\\n" % os.getppid())
    time.sleep(600)

@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class StuckFeaturizer(EmbeddingFeaturizer):
    make_encoder = staticmethod(make)
"""


@pytest.mark.parametrize(
    ("ended", "number"),
    [("bot", signal.SIGTERM), ("training", signal.SIGTERM), ("training", signal.SIGKILL)],
)
async def test_no_process_of_the_training_is_left_behind(
    nlu_dir: Path, tmp_path: Path, ended: str, number: signal.Signals
) -> None:
    """When the bot or the training ends, so do the workers, even in the middle of their work."""
    alive, temporary = tmp_path / "alive", tmp_path / "temporary"
    os.mkfifo(alive)
    temporary.mkdir()
    spoil(nlu_dir / "components" / "stuck.py", STUCK.format(alive=alive))
    spoil(
        nlu_dir / "config.yml",
        "recipe: default.v1\nassistant_id: x\npipeline:\n- name: components.stuck.StuckFeaturizer\n"
        "- name: LogisticRegressionClassifier\n",
    )
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", BOT, str(nlu_dir)),
        stderr=DEVNULL,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    with os.fdopen(os.open(alive, os.O_RDONLY | os.O_NONBLOCK)) as pipe:
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
        async with asyncio.timeout(180):
            training = int(await reader.readline())
        os.kill({"bot": bot.pid, "training": training}[ended], number)
        async with asyncio.timeout(20):
            await reader.read()  # until the last process that has it open is gone
            await bot.wait()
    assert models(nlu_dir) == []
    if number is signal.SIGTERM:
        assert list(temporary.iterdir()) == []
