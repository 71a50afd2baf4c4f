"""The words that are really said, for what must be looked at as the person reads it."""

import pytest

from bot.content.responses import ResponseCatalogue
from bot.ids import Locale
from bot.settings import load_settings

SIX = tuple(Locale(tag) for tag in ("en", "es", "fr", "pt-BR", "ar", "hi"))


@pytest.fixture(scope="session")
def catalogue() -> ResponseCatalogue:
    """The shipped texts, in all six languages."""
    return ResponseCatalogue.load(load_settings(_env_file=None).responses_dir, SIX)
