"""The threat model names tests that are there."""

import re
from pathlib import Path

import pytest
import yaml

from bot.content.po import read_po

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "threat-model.md").read_text()


def test_every_test_that_it_names_is_there() -> None:
    """A control whose test was removed or renamed must not go on being claimed."""
    named = set(re.findall(r"tests/[\w/]+\.py", PAGE))
    assert len(named) >= 20
    for path in named:
        assert re.search(r"def test_|TestCase", (ROOT / path).read_text()), path


def test_every_control_names_a_test_and_what_remains_open() -> None:
    """No row without either."""
    table = PAGE.split("| control | shown by | remains open |")[1].split("\n\n")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines()[2:]]
    assert len(rows) >= 12
    for control, tests, open_ in rows:
        assert control.strip()
        assert "`tests/" in tests, control
        assert open_.strip(), control


SAFE_HERE = "options.about.safe_here"


@pytest.mark.parametrize("locale", ["es", "fr", "pt-BR", "ar", "hi"])
def test_the_page_for_survivors_says_all_of_it_in_every_language(locale: str) -> None:
    """As many things that are safe, and that are not, as in English; none out of date."""
    source = yaml.safe_load((ROOT / "responses" / "en" / "options" / "about.yml").read_text())
    english = source[SAFE_HERE]
    assert english["safety"] == "critical", "else a language could be switched on without it"
    assert english["text"].count("•") >= 9
    file = read_po(ROOT / "responses" / "locales" / locale / "LC_MESSAGES" / "responses.po")
    [entry] = [entry for entry in file.entries if entry.context == SAFE_HERE]
    assert not entry.fuzzy
    assert entry.source == english["text"]
    parts = english["text"].split("\n\n")
    assert [part.count("•") for part in entry.translation.split("\n\n")] == [
        part.count("•") for part in parts
    ]
