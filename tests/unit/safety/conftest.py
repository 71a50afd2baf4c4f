"""The safety net as it is served, loaded once."""

from pathlib import Path

import pytest

from bot.ids import Locale
from bot.safety.lexicon import load
from bot.safety.net import SafetyNet

LEXICONS = Path(__file__).parents[3] / "nlu" / "safety"


@pytest.fixture(scope="session")
def net() -> SafetyNet:
    """All languages together, as people mix them."""
    return SafetyNet([load(file, Locale(file.stem)) for file in sorted(LEXICONS.glob("*.yml"))])
