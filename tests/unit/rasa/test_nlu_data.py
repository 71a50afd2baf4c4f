"""The files of `nlu/`, held to the bot's vocabulary and to themselves."""

import importlib.util
import re
from collections import Counter
from types import ModuleType

import pytest
import yaml

from bot.dialogue.intents import CRITICAL, Intent
from bot.rasa.testset import read_testset
from bot.settings import ROOT

NLU_DIR = ROOT / "nlu"
LOCALES = ("en", "es", "fr", "pt-BR", "ar", "hi")
FEWEST = {"en": 40} | dict.fromkeys(LOCALES[1:], 25)
"""Examples an intent; twice as many where a miss is dangerous, and for what is out of scope."""

DOUBLED = {*CRITICAL, Intent.OUT_OF_SCOPE}


@pytest.fixture(scope="module")
def dataset() -> ModuleType:
    """`nlu/dataset.py`, which lives in another environment but needs nothing of it."""
    spec = importlib.util.spec_from_file_location("nlu_dataset", NLU_DIR / "dataset.py")
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
def test_every_intent_has_enough_examples(dataset: ModuleType, locale: str) -> None:
    """Too few make an intent that is never heard."""
    counts = Counter(e.intent for e in dataset.read_examples(NLU_DIR) if e.locale == locale)
    wanted = {i: FEWEST[locale] * (2 if i in DOUBLED else 1) for i in Intent}
    assert {i.value: counts[i.value] for i, n in wanted.items() if counts[i.value] < n} == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_held_out_is_trained_on(dataset: ModuleType, locale: str) -> None:
    """A measure on what was learned by heart says nothing."""
    words = dataset.words
    trained = {words(dataset.plain(e.text)) for e in dataset.read_examples(NLU_DIR)}
    for folder in ("tests", "tests/seen"):
        held_out = read_testset(NLU_DIR / folder / f"{locale}.jsonl")
        assert [u.text for u in held_out if words(u.text) in trained] == []
        assert {u.intent for u in held_out} == {intent.value for intent in Intent}


def test_no_number_or_address_of_a_real_person_is_in_the_data(dataset: ModuleType) -> None:
    """No telephone numbers, mail addresses or links."""
    private = re.compile(r"\d[\d\s().-]{6,}\d|\S+@\S+|https?://|www\.")
    assert [e.text for e in dataset.read_examples(NLU_DIR) if private.search(e.text)] == []


def test_different_words_of_devanagari_are_different_examples(dataset: ModuleType) -> None:
    """Vowel signs count; case, punctuation and spaces do not."""
    assert dataset.words("वो मारा") != dataset.words("वे मारे")
    assert dataset.words("  Hello,   you! ") == dataset.words("hello you")
