"""Training: cached, and clear about mistakes in its input."""

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.rasa.training import train
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
        "data/en/nlu.yml",
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
        ("data/en/more.yml", "nlu: [", "more.yml:1: not valid YAML"),
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
            "- name: components.encoders.E5Featurizer\n  script: HINDI\n"
            "- name: components.classifier.JointLogisticRegression\n",
            "'script' must be one of",
        ),
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
