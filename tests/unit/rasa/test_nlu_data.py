"""The files of `nlu/`, held to the bot's vocabulary and to themselves."""

import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from bot.dialogue.intents import CRITICAL, Intent
from bot.rasa.testset import read_testset
from bot.settings import ROOT

NLU_DIR = ROOT / "nlu"
LOCALES = ("en", "es", "fr", "pt-BR", "ar", "hi")
FEWEST = {"en": 40} | dict.fromkeys(LOCALES[1:], 25)
"""Examples an intent; twice as many where a miss is dangerous, and for what is out of scope."""

COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight")

DOUBLED = {*CRITICAL, Intent.OUT_OF_SCOPE}


@pytest.fixture(scope="module")
def dataset() -> ModuleType:
    """`nlu/dataset.py`, which lives in another environment but needs nothing of it."""
    return _module("dataset")


@pytest.fixture(scope="module")
def examples(dataset: ModuleType) -> list[Any]:
    """All that the model is trained on."""
    return list(dataset.read_examples(NLU_DIR))


@pytest.fixture(scope="module")
def lint(dataset: ModuleType) -> Iterator[ModuleType]:
    """`nlu/lint.py`, which finds `dataset` by its bare name."""
    sys.modules["dataset"] = dataset
    yield _module("lint")
    del sys.modules["dataset"]


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"nlu_{name}", NLU_DIR / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_domain_and_bot_share_one_vocabulary() -> None:
    """`domain.yml` has the intents of `bot/dialogue/intents.py`, all of them and no others."""
    domain = yaml.safe_load((NLU_DIR / "domain.yml").read_text(encoding="utf-8"))
    assert domain["intents"] == [intent.value for intent in Intent]


def test_the_data_has_no_problems(dataset: ModuleType) -> None:
    """No unknown intent, none missing in a language, nothing twice."""
    assert dataset.find_problems(NLU_DIR) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_intent_has_enough_examples(examples: list[Any], locale: str) -> None:
    """Too few make an intent that is never heard."""
    counts = Counter(e.intent for e in examples if e.locale == locale)
    wanted = {i: FEWEST[locale] * (2 if i in DOUBLED else 1) for i in Intent}
    assert {i.value: counts[i.value] for i, n in wanted.items() if counts[i.value] < n} == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_held_out_is_trained_on(
    dataset: ModuleType, examples: list[Any], locale: str
) -> None:
    """A measure on what was learned by heart says nothing."""
    words = dataset.words
    trained = {words(dataset.plain(e.text)) for e in examples}
    for folder in ("tests", "tests/seen"):
        held_out = read_testset(NLU_DIR / folder / f"{locale}.jsonl")
        assert [u.text for u in held_out if words(u.text) in trained] == []
        assert {u.intent for u in held_out} == {intent.value for intent in Intent}


def test_the_linter_has_nothing_to_mend(lint: ModuleType) -> None:
    """No near-duplicate of a held-out text, no pattern, nothing that points to a real person."""
    assert lint.lint(NLU_DIR) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("he hit me with the big pan last night", "nearly the held-out"),
        ("call me on 0161 555 01 23", "a number or an address"),
        ("see www.example.org", "a number or an address"),
        ("fatima is my sister", "the name 'fatima'"),
        ("can you greet me now please", "greet begin 'can you greet me'"),
    ],
)
def test_the_linter_finds_what_is_wrong(
    lint: ModuleType, tmp_path: Path, line: str, told: str
) -> None:
    """Each finding names the place."""
    (tmp_path / "domain.yml").write_text("intents: [greet]")
    (tmp_path / "data" / "en").mkdir(parents=True)
    lines = [f"      - {word} there" for word in COUNTED]
    lines += [f"      - {line}", "      - can you greet me then"]
    text = "\n".join(["nlu:", "  - intent: greet", "    examples: |", *lines])
    (tmp_path / "data" / "en" / "talking.yml").write_text(text)
    (tmp_path / "tests").mkdir()
    held_out = {"text": "He hit me with the pan last night!", "intent": "greet"}
    (tmp_path / "tests" / "en.jsonl").write_text(json.dumps(held_out))
    [finding] = lint.lint(tmp_path)
    assert told in finding
    assert "data/en" in finding


def test_different_words_of_devanagari_are_different_examples(dataset: ModuleType) -> None:
    """Vowel signs count; case, punctuation and spaces do not."""
    assert dataset.words("वो मारा") != dataset.words("वे मारे")
    assert dataset.words("  Hello,   you! ") == dataset.words("hello you")
