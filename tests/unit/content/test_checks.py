"""Each kind of fault is found, with file, line, key and mend; and a whole tree gives none."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.content.checks import check
from bot.finding import Finding
from bot.ids import Locale

from .conftest import Tree

KEYS = frozenset({"privacy.overview", "privacy.sample", "privacy.plain"})
BUTTONS = frozenset({"flow:show", "flow:resume", "language:es"})


def findings(tree: Tree, locales: tuple[str, ...] = ("en", "es")) -> list[Finding]:
    def give_away(text: str, locale: Locale) -> tuple[str, ...]:
        return tuple(word for word in ("shelter", "refugio") if word in text.casefold())

    return check(
        tree.folder,
        [Locale(tag) for tag in locales],
        KEYS,
        required_buttons=BUTTONS,
        giveaways=give_away,
    )


def line_of(path: Path, part: str) -> int:
    """The first line (from 1) that has `part`."""
    return 1 + next(
        i for i, x in enumerate(path.read_text("utf-8").splitlines(keepends=True)) if part in x
    )


def test_a_whole_tree_has_no_finding(tree: Tree) -> None:
    """So that every finding means something."""
    assert findings(tree) == []


ENGLISH: list[tuple[str, str, str, str]] = [
    # old, new, the part whose line is named, what is said
    ("privacy.plain:", "privacy.plian:", "Something is new", "nothing says this text"),
    ("Something is new", "<b>Something</b>", "<b>", "the markup <b>"),
    ("Something is new", "Tom &amp; Ann", "&amp;", "the markup &amp;"),
    ("Something is new", "The victim is new", "victim", "we do not say “victim*”"),
    ("Something is new", "An agent is new", "agent", "we do not say “agent*”"),
    ("Something is new", "Why didn’t you come", "didn’t", "why didn't you"),
    ("Like this:", "x" * 900, "xxx", "at most 900 fit"),
    ("privacy.plain:", "privacy.plain:\n  max: 10", "Something", "at most 10 fit"),
    ("privacy.plain:", "privacy.plain:\n  params: {ttl: 1}", "{ttl: 1}", "`params`"),
    ("privacy.plain:", "privacy.plain:\n  params: {ttl: a}", "{ttl: a}", "{ttl} is not used"),
    (
        "privacy.plain:",
        "privacy.plain:\n  sources: [{title: A, url: 'https://example.org/'}]",
        "sources",
        "without a date",
    ),
    (
        "privacy.plain:",
        "privacy.plain:\n  sources: [{title: A, url: nowhere}]",
        "sources",
        "valid URL",
    ),
    ("- [flow:show]", "- [flow:sow]", "buttons:", "unknown button flow:sow"),
    ("- [flow:show]", "- [" + "f:" * 33 + "f]", "buttons:", "is too long"),
    ("Something is new", "Something\\x07 is new", "Something", "U+0007"),
    ("privacy.plain:\n", "privacy.plain\n", "privacy.plain\n", "not YAML"),
]


@pytest.mark.parametrize(("old", "new", "at", "says"), ENGLISH)
def test_a_fault_in_the_english_is_found(
    tree: Tree, old: str, new: str, at: str, says: str
) -> None:
    """With the line where the author mends it."""
    if "\\x07" in new:
        tree.edit(tree.texts, "Something is new for you.", '"Something\\x07 is new for you."')
    else:
        tree.edit(tree.texts, old, new)
    _one(findings(tree, ("en",)), tree.texts, line_of(tree.texts, at), says)


LABELS: list[tuple[str, str, str]] = [
    ("label: See", "label: " + "y" * 41, "at most 40 fit"),
    ("label: Go back", "label: 'Go back {ttl}'", "a label has no placeholders"),
    ("flow:resume:", "flow:rseume:", "nothing shows this button"),
    ("label: Go back", "labl: Go back", "labl"),
]


@pytest.mark.parametrize(("old", "new", "says"), LABELS)
def test_a_fault_in_a_label_is_found(tree: Tree, old: str, new: str, says: str) -> None:
    """With its line in the buttons' file."""
    tree.edit(tree.buttons, old, new)
    _one(findings(tree, ("en",)), tree.buttons, line_of(tree.buttons, new), says)


def test_a_button_that_the_bot_shows_and_has_no_label_is_found(tree: Tree) -> None:
    """Named at the top of the file that lacks it."""
    tree.edit(tree.buttons, "flow:resume: {label: Go back}\n", "")
    _one(findings(tree, ("en",)), tree.buttons, 1, "has no label")


def test_two_buttons_of_a_text_that_read_the_same_are_found(tree: Tree) -> None:
    """Typing a label must mean one button."""
    tree.edit(tree.texts, "[flow:show]", "[flow:show, flow:resume]")
    tree.edit(tree.buttons, "Go back", "See")
    _one(findings(tree, ("en",)), tree.texts, 6, "read the same")


SPANISH: list[tuple[str, str, str]] = [
    ("Hay algo nuevo para ti.", "", "missing|not translated"),
    ("Hay algo nuevo para ti.", "Something is new for you.", "left in English"),
    ("Hay algo nuevo para ti.", "Hay 3 para ti.", "the numbers differ"),
    ("Hay algo nuevo para ti.", "Hay algo en https://example.org/x", "the addresses differ"),
    ("Hay algo nuevo para ti.", "Hay algo nuevo para la víctima.", "“víctima*”"),
    ("Hay algo nuevo para ti.", "Tienes que mirar.", "“tienes que”"),
    ("Hay algo nuevo para ti.", "<i>Hay</i> algo.", "the markup <i>"),
    ("Hay algo nuevo para ti.", "Hay algo para {name}.", "the placeholders differ"),
    ("Hay algo nuevo para ti.", "Hay } algo.", "a brace"),
]


@pytest.mark.parametrize(("old", "new", "says"), SPANISH)
def test_a_fault_in_a_translation_is_found(tree: Tree, old: str, new: str, says: str) -> None:
    """With the line of its source in the translator's file."""
    tree.translate({"privacy.plain": new})
    line = line_of(tree.spanish, 'msgctxt "privacy.plain"') + 1
    _one(findings(tree), tree.spanish, line, says)


def test_you_need_not_is_no_order(tree: Tree) -> None:
    """A phrase meant well is let through."""
    tree.translate({"privacy.plain": "No tienes que mirar."})
    assert findings(tree) == []


FILES: list[tuple[Callable[[Tree], None], str]] = [
    (lambda t: t.edit(t.spanish, 'msgstr "Ver"', 'msgstr "Ver'), "not in quotes"),
    (
        lambda t: t.edit(t.spanish, 'msgctxt "privacy.plain"', '#, fuzzy\nmsgctxt "privacy.plain"'),
        "fuzzy in es",
    ),
    (lambda t: t.edit(t.spanish, 'msgid "Something is', 'msgid "Anything is'), "out of date"),
    (lambda t: t.edit(t.spanish, '"button/flow:resume"', '"button/flow:other"'), "no such key"),
    (lambda t: t.spanish.unlink(), "no translation for es"),
]


@pytest.mark.parametrize(("damage", "says"), FILES)
def test_a_fault_in_a_translators_file_is_found(
    tree: Tree, damage: Callable[[Tree], None], says: str
) -> None:
    """Whatever a tool or an editor did to it."""
    damage(tree)
    assert any(says in f.problem and f.file == str(tree.spanish) for f in findings(tree))


@pytest.mark.parametrize("key", ["cover.parcel.ping", "quick_exit.cover", "privacy.cleared"])
def test_a_cover_text_that_gives_away_is_found(tree: Tree, key: str) -> None:
    """In every language, and in the labels under it."""
    path = tree.texts.with_name(f"{key.split('.')[0]}.yml")
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{key}:\n  text: The Shelter wrote.\n  buttons: [[flow:show]]\n")
    tree.edit(tree.buttons, "label: See", "label: See shelter")
    problems = [f for f in findings(tree, ("en",)) if "give the person away" in f.problem]
    assert [(f.file, f.key) for f in problems] == sorted(
        [(str(tree.buttons), "button/flow:show"), (str(path), key)]
    )


def test_a_text_that_is_no_cover_may_name_things(tree: Tree) -> None:
    """The rule is for cover texts alone."""
    tree.edit(tree.texts, "Something is", "A shelter is")
    assert [f for f in findings(tree, ("en",)) if "give the person" in f.problem] == []


def test_a_damaged_list_of_words_is_found(tree: Tree) -> None:
    """And named, instead of checking nothing."""
    path = tree.folder / "wording" / "en.yml"
    path.write_text("- avoid: victim\n", "utf-8")
    _one(findings(tree, ("en",)), path, 1, "not a list of words")


def test_a_finding_reads_as_one_line() -> None:
    """As compilers say it, so that editors can jump there."""
    finding = Finding("en/x.yml", 3, "x.y", "is wrong", "mend it")
    assert str(finding) == "en/x.yml:3: x.y: is wrong; mend it"


def _one(found: list[Finding], path: Path, line: int, says: str) -> None:
    matching = [f for f in found if any(part in f.problem for part in says.split("|"))]
    assert [(f.file, f.line) for f in matching] == [(str(path), line)], found
    assert all(f.mend for f in matching)
