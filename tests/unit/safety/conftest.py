"""The safety net as it is served, loaded once."""

from pathlib import Path

import pytest

from bot.ids import Locale
from bot.safety.net import SafetyNet

LEXICONS = Path(__file__).parents[3] / "nlu" / "safety"
LOCALES = tuple(map(Locale, ("en", "es", "fr", "pt-BR", "ar", "hi")))


@pytest.fixture(scope="session")
def net() -> SafetyNet:
    """All languages together, as people mix them."""
    return SafetyNet.load(LEXICONS, LOCALES)
