"""Sentences for languages that we do not speak: read, checked, and given out by tag."""

from pathlib import Path

import pytest

from bot.content.errors import UnknownText
from bot.content.ownwords import FILE, MAX, faults_of, read_own_words
from bot.content.responses import ResponseCatalogue
from bot.errors import ConfigurationError
from bot.ids import Locale

from .conftest import Tree


def write(folder: Path, texts: str, review: str = "machine-draft") -> None:
    """A file of sentences in `folder`."""
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"review: {review}\ntexts: {texts}\n", "utf-8")


def problems(folder: Path, *tags: str) -> list[str]:
    """The faults of the file, as key and problem."""
    words, damaged = read_own_words(folder)
    assert damaged == []

    def give_away(text: str, locale: Locale) -> tuple[str, ...]:
        return tuple(w for w in ("refuge",) if w in text.casefold())

    return [f"{f.key} {f.problem}" for f in faults_of(words, folder, tags, give_away)]


def test_sentences_come_by_tag(tree: Tree) -> None:
    """The organisation's own before ours, and None where there is none."""
    write(tree.folder, "{de: Ein Satz., fr: Une phrase.}")
    overlay = tree.folder / "own"
    write(overlay, "{de: Unser Satz.}", "reviewed")
    catalogue = ResponseCatalogue.load(tree.folder, [Locale("en")], overlay)
    assert catalogue.own_words("de") == "Unser Satz."
    assert catalogue.own_words("fr") == "Une phrase."
    assert catalogue.own_words("xx") is None
    assert read_own_words(tree.folder, overlay)[0].review == "reviewed"
    with pytest.raises(UnknownText):
        catalogue.label("flow:show", Locale("de"))


def test_each_fault_is_named(tmp_path: Path) -> None:
    """Missing, empty, long, with braces, and telling."""
    write(tmp_path, f"{{de: '', fr: Un refuge, nl: '{{x}}', it: {'a' * (MAX + 1)}}}")
    assert problems(tmp_path, "de", "pl") == [
        "pl has no sentence",
        "de is empty",
        "fr “refuge” gives away what this is",
        "nl has braces",
        f"it has {MAX + 1} characters",
    ]


def test_nothing_is_required_where_nothing_is_told(tmp_path: Path) -> None:
    """Without a file there are no sentences."""
    assert problems(tmp_path) == []


@pytest.mark.parametrize("content", ["{", "[]", "texts: {de: x}", "review: x\ntexts: {de: 1}"])
def test_a_damaged_file_stops_the_start(tree: Tree, content: str) -> None:
    """Naming it."""
    write(tree.folder, "{}")
    (tree.folder / FILE).write_text(content, "utf-8")
    with pytest.raises(ConfigurationError, match=r"unsupported\.yml:1: not a list of sentences"):
        ResponseCatalogue.load(tree.folder, [Locale("en")])
