"""The console's words: the same keys in every language, and a fitting language for a browser."""

import json
import re
from pathlib import Path

import pytest

from bot.console import words as words_module
from bot.console.words import Words
from bot.dialogue.effects import EscalationReason
from bot.errors import ConfigurationError
from bot.history.models import Delivery

HERE = Path(words_module.__file__).parent
WORDS = Words.load()


def test_every_language_has_the_same_placeholders() -> None:
    """A number or a name must not get lost in a translation."""
    source = WORDS.table(words_module.SOURCE)
    for locale in WORDS.locales:
        table = WORDS.table(locale)
        for key, text in source.items():
            assert set(re.findall(r"\{\w+\}", table[key])) == set(re.findall(r"\{\w+\}", text)), (
                locale,
                key,
            )


def test_every_word_that_the_pages_ask_for_exists() -> None:
    """A key without words would show itself to an advocate."""
    table = WORDS.table(words_module.SOURCE)
    asked: set[str] = set()
    for path in [*HERE.glob("static/*.js"), *HERE.glob("templates/*.html")]:
        text = path.read_text("utf-8")
        asked |= set(re.findall(r"\bt\(\"([\w.]+)\"", text))
        asked |= set(re.findall(r"\bt\[\"([\w.]+)\"\]", text))
        asked |= set(re.findall(r"\[\"[^\"]+\", \"(keys\.\w+)\"\]", text))
    assert len(asked) > 80
    for key in asked:
        assert key in table or f"{key}.other" in table, key


def test_every_delivery_and_every_reason_has_words() -> None:
    """What the core can say, the console can show."""
    table = WORDS.table(words_module.SOURCE)
    for delivery in Delivery:
        assert f"delivery.{delivery}" in table
    for reason in EscalationReason:
        assert f"alert.reason.{reason}" in table


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


def test_a_table_that_lacks_a_key_is_named(tmp_path: Path) -> None:
    """With its file and the key, so that it can be mended."""
    (tmp_path / "en.json").write_text(json.dumps({"a": "A", "b": "B"}))
    (tmp_path / "es.json").write_text(json.dumps({"a": "A"}))
    with pytest.raises(ConfigurationError, match=r"es\.json.*b"):
        Words.load(tmp_path)
