"""A language is begun by one command, and nothing of somebody's own is written over."""

import pytest

from bot.content.checks import check
from bot.content.languages import autonym, available, faulty, new_locale, parse_tag
from bot.content.po import read_po
from bot.content.responses import ResponseCatalogue
from bot.content.translations import po_path
from bot.content.wording import read_wording
from bot.errors import ConfigurationError
from bot.ids import Locale

from .conftest import Tree

EN, ES, DE, PL = Locale("en"), Locale("es"), Locale("de"), Locale("pl")


def test_the_languages_are_those_with_a_file(tree: Tree) -> None:
    """The source first."""
    assert available(tree.folder) == (EN, ES)
    new_locale(tree.folder, DE)
    assert available(tree.folder) == (EN, DE, ES)


def test_a_new_language_has_all_its_files(tree: Tree) -> None:
    """With its plural forms, marked as unreviewed, and a list of words that can be read."""
    written = new_locale(tree.folder, PL)
    words = tree.folder / "wording" / "pl.yml"
    assert written == [po_path(tree.folder, PL), words, tree.buttons]
    headers = read_po(po_path(tree.folder, PL)).headers
    assert headers["Plural-Forms"].startswith("nplurals=3;")
    assert headers["X-Review"] == "unreviewed"
    assert read_wording(tree.folder, PL) == ((), [])


def test_it_is_offered_by_its_own_name(tree: Tree) -> None:
    """Below the other languages, and once."""
    new_locale(tree.folder, DE)
    catalogue = ResponseCatalogue.load(tree.folder, (EN,))
    assert catalogue.label("language:de", EN) == "Deutsch"
    lines = tree.buttons.read_text("utf-8").splitlines()
    assert lines[-2].startswith("language:es")
    po_path(tree.folder, DE).unlink()
    new_locale(tree.folder, DE)
    assert tree.buttons.read_text("utf-8").splitlines() == lines


def test_it_has_no_fault_but_that_it_is_not_translated(tree: Tree) -> None:
    """So that its translators begin from a clean page."""
    new_locale(tree.folder, DE)
    keys = {"privacy.overview", "privacy.sample", "privacy.plain"}
    found = check(tree.folder, [EN, DE], keys)
    assert {f.problem.removeprefix("safety-critical and ") for f in found} == {
        "not translated into de"
    }
    assert faulty(tree.folder, DE) == 5
    assert faulty(tree.folder, ES) == 0


def test_a_list_of_words_that_is_there_stays(tree: Tree) -> None:
    """Somebody may have begun with it."""
    words = tree.folder / "wording" / "de.yml"
    words.write_text("- {avoid: Opfer, instead: du}\n", "utf-8")
    assert words not in new_locale(tree.folder, DE)
    assert len(read_wording(tree.folder, DE)[0]) == 1


@pytest.mark.parametrize(("locale", "says"), [(ES, "is there already"), (EN, "is the source")])
def test_a_language_that_is_there_is_not_begun_again(tree: Tree, locale: Locale, says: str) -> None:
    """Nobody's work is emptied."""
    before = tree.spanish.read_bytes()
    with pytest.raises(ConfigurationError, match=says):
        new_locale(tree.folder, locale)
    assert tree.spanish.read_bytes() == before


@pytest.mark.parametrize(
    ("written", "tag"),
    [("pt_br", "pt-BR"), ("DE", "de"), (" fa-AF ", "fa-AF"), ("zh-hant", "zh-Hant")],
)
def test_a_tag_is_read_however_it_is_written(written: str, tag: str) -> None:
    """And is one afterwards."""
    assert parse_tag(written) == tag


@pytest.mark.parametrize("tag", ["", "german", "../es", "e", "tlh", "es es"])
def test_what_is_no_tag_is_refused(tag: str) -> None:
    """Before anything is written."""
    with pytest.raises(ConfigurationError, match="no language tag"):
        parse_tag(tag)


@pytest.mark.parametrize(
    ("tag", "name"),
    [("es", "Español"), ("pt-BR", "Português (Brasil)"), ("ar", "العربية"), ("hi", "हिन्दी")],
)
def test_languages_name_themselves(tag: str, name: str) -> None:
    """As their speakers write it, with a capital where there are capitals."""
    assert autonym(Locale(tag)) == name
