"""Spellings of one word, by ear and in several scripts."""

import importlib.util
from types import ModuleType

import pytest

from bot.settings import ROOT


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """`nlu/components/script.py`, which lives in another environment but needs nothing of it."""
    spec = importlib.util.spec_from_file_location("nlu_script", ROOT / "nlu/components/script.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "spellings",
    [
        ("मुझे बचाओ", "mujhe bachao", "muje bachaao"),
        ("वो मार रहा है", "wo maar raha hai", "vo mar rha hai"),
        ("عايزة", "3ayza", "3ayzah"),
        ("عن الشرطة", "3an elshorta", "3an alshurta"),
        ("zindagi", "jindagi", "ज़िंदगी"),
    ],
)
def test_spellings_of_one_word_are_alike(script: ModuleType, spellings: tuple[str, ...]) -> None:
    """Whoever writes Hindi or Arabic in Latin letters leaves out other vowels than the next."""
    assert len({script.skeleton(spelling) for spelling in spellings}) == 1


def test_different_words_stay_apart(script: ModuleType) -> None:
    """Consonants are kept, and so are numbers, as these mean something else than a letter."""
    assert script.skeleton("police") != script.skeleton("palace bed")
    assert script.skeleton("15 days") != script.skeleton("1 days")


def test_folding_takes_marks_but_no_vowel_signs(script: ModuleType) -> None:
    """Accents, Arabic vowel marks and nukta go; a Hindi vowel is part of its word."""
    assert script.fold("estrés") == "estres"
    assert script.fold("أُحِبّ") == "احب"
    assert script.fold("ज़िंदगी") == "जिंदगी"


@pytest.mark.parametrize("text", ["", " ", "🙂", "...", "'", "ء", "्"])
def test_nothing_to_read_is_no_error(script: ModuleType, text: str) -> None:
    """A text without letters has an empty skeleton."""
    assert script.skeleton(text).strip() == ""
