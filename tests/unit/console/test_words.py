"""The console's words: the same keys in every language, and a fitting language for a browser."""

import re
from pathlib import Path

import pytest

from bot.console import words as words_module
from bot.console.words import NAMES, Words, direction
from bot.content.source import SOURCE_LOCALE
from bot.content.translations import read_translation
from bot.dialogue.effects import EscalationReason
from bot.history.models import Delivery
from bot.ids import Locale
from tests.integration.console_parts import english

HERE = Path(words_module.__file__).parent
RESPONSES = HERE.parents[1] / "responses"
TABLE = Words.of(english()).table(SOURCE_LOCALE)
WORDS = Words({Locale("en"): {}, Locale("es"): {}})


def test_the_words_are_those_of_the_catalogue() -> None:
    """Neither more nor fewer: what is not asked for need not be translated."""
    assert set(TABLE) == set(NAMES)


@pytest.mark.parametrize("locale", ["es", "fr", "pt-BR", "ar", "hi"])
def test_the_console_is_translated_like_everything_else(locale: str) -> None:
    """All of its words stand in the file of each language that comes with us."""
    translation, damaged = read_translation(RESPONSES, Locale(locale), None)
    assert damaged == []
    entries = {context: entry for context, (_, entry) in translation.entries.items()}
    for name in NAMES:
        entry = entries[f"console.{name}"]
        assert entry.translation, name
        assert not entry.fuzzy, name


def test_the_page_is_written_the_way_its_language_is() -> None:
    """Arabic from the right."""
    assert [direction(Locale(tag)) for tag in ("ar", "en", "hi", "pt-BR")] == [
        "rtl",
        "ltr",
        "ltr",
        "ltr",
    ]


def test_every_word_that_the_pages_ask_for_exists() -> None:
    """A key without words would show itself to an advocate."""
    asked: set[str] = set()
    for path in [*HERE.glob("static/*.js"), *HERE.glob("templates/*.html")]:
        text = path.read_text("utf-8")
        asked |= set(re.findall(r"\bt\(\"([\w.]+)\"", text))
        asked |= set(re.findall(r"\bt\[\"([\w.]+)\"\]", text))
        asked |= set(re.findall(r"\[\"[^\"]+\", \"(keys\.\w+)\"\]", text))
    assert len(asked) > 80
    for key in asked:
        assert key in TABLE or f"{key}.other" in TABLE, key


def test_every_delivery_and_every_reason_has_words() -> None:
    """What the core can say, the console can show."""
    for delivery in Delivery:
        assert f"delivery.{delivery}" in TABLE
    for reason in EscalationReason:
        assert f"alert.reason.{reason}" in TABLE


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-GB,en;q=0.9,es;q=0.8", "en"),
        ("de,es;q=0.5", "es"),
        ("de", "en"),
        ("", "en"),
        ("en;q=0.1, es;q=0.9", "es"),
        ("*;q=x,;;;,\x00", "en"),
    ],
)
def test_the_browsers_first_known_language_is_taken(header: str, locale: str) -> None:
    """And English where none is known, whatever the header holds."""
    assert WORDS.preferred(header) == locale
