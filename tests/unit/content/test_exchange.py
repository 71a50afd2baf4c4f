"""A translation goes to a spreadsheet and comes back, and nothing is lost or slipped in."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.content.exchange import COLUMNS, Imported, export_table, import_table
from bot.content.po import PoEntry, read_po
from bot.content.spreadsheet import format_rows
from bot.content.update import update
from bot.errors import ConfigurationError
from bot.ids import Locale

from .conftest import SPANISH, Tree

ES = Locale("es")
Rows = dict[str, dict[str, str]]


def export(tree: Tree) -> Rows:
    """The rows by key, as a spreadsheet shows them."""
    content, count = export_table(tree.folder, ES)
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    found = {row["key"]: row for row in rows}
    assert len(found) == count
    return found


def bring(tree: Tree, rows: Rows, columns: tuple[str, ...] = COLUMNS) -> Imported:
    """Import `rows` as a spreadsheet would save them."""
    file = tree.folder.parent / "es.csv"
    cells = [[row[column] for column in columns] for row in rows.values()]
    file.write_bytes(format_rows(columns, cells, ";"))
    return import_table(tree.folder, ES, file)


def entry(tree: Tree, key: str) -> PoEntry:
    return next(e for e in read_po(tree.spanish).entries if e.context == key)


def test_a_row_has_all_that_a_translator_needs(tree: Tree) -> None:
    """Key, whether critical, both texts, note and limit."""
    rows = export(tree)
    assert list(rows) == list(SPANISH)
    assert rows["privacy.overview"] == {
        "key": "privacy.overview",
        "critical": "critical",
        "english": "Messages are deleted after {ttl}. Tap “{flow:show}”.",
        "translation": SPANISH["privacy.overview"],
        "note": "",
        "max": "900",
        "state": "",
    }
    assert rows["privacy.plain"]["note"] == "For the translator."
    assert rows["button/flow:resume"]["max"] == "40"


def test_there_and_back_changes_no_byte(tree: Tree) -> None:
    """Of finished, missing and fuzzy ones, comments and headers."""
    tree.translate({"privacy.plain": "- Hay algo.\n\n=“algo”, nuevo;", "button/flow:resume": ""})
    tree.edit(tree.spanish, 'msgctxt "privacy.plain"', '# Ask Ana.\nmsgctxt "privacy.plain"')
    tree.edit(tree.texts, "Like this:", "Such as:")
    update(tree.folder, [ES])
    before = tree.spanish.read_bytes()
    file = tree.folder.parent / "x.csv"
    file.write_bytes(export_table(tree.folder, ES)[0])
    assert import_table(tree.folder, ES, file) == Imported(0, 5, [])
    assert tree.spanish.read_bytes() == before


def test_what_was_translated_in_the_table_is_taken(tree: Tree) -> None:
    """It alone; rows that were taken out of the table stay in the file."""
    tree.translate({"privacy.plain": ""})
    rows = export(tree)
    assert rows["privacy.plain"]["state"] == "new"
    one = {"privacy.plain": {**rows["privacy.plain"], "translation": "Hay cosas.\nVarias."}}
    assert bring(tree, one) == Imported(1, 0, [])
    assert entry(tree, "privacy.plain").translation == "Hay cosas.\nVarias."
    assert entry(tree, "privacy.sample").translation == SPANISH["privacy.sample"]


def test_three_columns_are_enough(tree: Tree) -> None:
    """Whoever deletes the others, or moves them, loses nothing."""
    rows = export(tree)
    rows["privacy.plain"]["translation"] = "Otra cosa."
    assert bring(tree, rows, ("translation", "english", "key")) == Imported(1, 4, [])


def test_a_changed_english_is_shown_and_confirmed_by_emptying_its_state(tree: Tree) -> None:
    """The note has the old one; untouched the row stays fuzzy."""
    tree.edit(tree.texts, "Something is new for you.", "Something new is here.")
    rows = export(tree)
    row = rows["privacy.plain"]
    assert (row["state"], row["translation"]) == ("changed", SPANISH["privacy.plain"])
    assert row["note"].startswith("The English has changed. It was: Something is new for you.\n")
    assert bring(tree, rows) == Imported(0, 5, [])
    assert entry(tree, "privacy.plain").fuzzy
    row["state"] = ""
    assert bring(tree, rows) == Imported(1, 4, [])
    after = entry(tree, "privacy.plain")
    assert (after.fuzzy, after.previous) == (False, "")
    assert after.translation == SPANISH["privacy.plain"]


def test_a_new_translation_of_a_changed_english_is_fuzzy_no_more(tree: Tree) -> None:
    """Whatever its state says."""
    tree.edit(tree.texts, "Something is new for you.", "Something new is here.")
    rows = export(tree)
    rows["privacy.plain"]["translation"] = "Aquí hay algo nuevo."
    assert bring(tree, rows).taken == 1
    assert not entry(tree, "privacy.plain").fuzzy


FAULTS: list[tuple[str, str, str]] = [
    # column, what the person made of it, what is said
    ("key", "privacy.plian", "the English has no such key"),
    ("key", "privacy.overview", "stands in several rows"),
    ("english", "Something was new for you.", "the English is not the one of today"),
    ("translation", "Hay {algo}.", "the placeholders differ"),
    ("translation", "Hay } algo.", "a brace"),
    ("translation", "#NAME?", "the spreadsheet's error"),
    ("translation", " ", "is empty here"),
]


@pytest.mark.parametrize(("column", "value", "says"), FAULTS)
def test_a_row_that_cannot_be_taken_is_told_by_its_number(
    tree: Tree, column: str, value: str, says: str
) -> None:
    """And the file stays as it was."""
    before = tree.spanish.read_bytes()
    rows = export(tree)
    number = 2 + list(rows).index("privacy.plain")
    rows["privacy.plain"][column] = value
    done = bring(tree, rows)
    assert done.taken == 0
    told = {finding.line: finding for finding in done.findings}
    assert says in told[number].problem
    assert told[number].mend
    assert told[number].file.endswith("es.csv")
    assert tree.spanish.read_bytes() == before


def test_a_text_cut_in_two_is_not_taken(tree: Tree) -> None:
    """By a program that forgot the quotes."""
    file = tree.folder.parent / "es.csv"
    english = "Something is new for you."
    file.write_text(f"key,english,translation\nprivacy.plain,{english},Hay, algo\n", "utf-8")
    (finding,) = import_table(tree.folder, ES, file).findings
    assert (finding.line, "more cells" in finding.problem) == (2, True)


def test_the_good_rows_are_taken_beside_the_bad(tree: Tree) -> None:
    """Nobody has to do it all again for one mistake."""
    rows = export(tree)
    rows["privacy.plain"]["translation"] = "Otra cosa."
    rows["privacy.overview"]["translation"] = "Sin nada."
    done = bring(tree, rows)
    assert (done.taken, done.same, len(done.findings)) == (1, 3, 1)


def test_an_import_first_takes_up_what_is_new_in_the_english(tree: Tree) -> None:
    """An export shows it, so that its row can come back."""
    with tree.texts.open("a", encoding="utf-8") as file:
        file.write("privacy.more:\n  text: More.\n")
    rows = export(tree)
    rows["privacy.more"]["translation"] = "Más."
    assert bring(tree, rows) == Imported(1, 5, [])
    assert entry(tree, "privacy.more").translation == "Más."


@pytest.mark.parametrize(("locale", "says"), [("fr", "new-locale fr"), ("en", "en is the source")])
@pytest.mark.parametrize(
    "use",
    [
        lambda folder, locale: export_table(folder, locale),
        lambda folder, locale: import_table(folder, locale, folder / "none.csv"),
    ],
)
def test_a_language_without_a_file_is_told(
    tree: Tree, use: Callable[[Path, Locale], object], locale: str, says: str
) -> None:
    """With the command that begins it."""
    with pytest.raises(ConfigurationError, match=says):
        use(tree.folder, Locale(locale))
