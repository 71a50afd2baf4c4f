"""From YAML to the translators' files and back, without losing a word of theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.coverage import coverage
from bot.content.po import PoEntry, PoFile, format_po, read_po
from bot.content.translations import pot_path
from bot.content.update import update
from bot.errors import ConfigurationError
from bot.ids import Locale

from .conftest import SPANISH, Tree

ES = Locale("es")


def entry(tree: Tree, context: str) -> PoEntry:
    return next(e for e in read_po(tree.spanish).entries if e.context == context)


def test_a_second_update_changes_nothing(tree: Tree) -> None:
    """So that a diff shows only what someone wrote."""
    before = tree.spanish.read_bytes()
    assert update(tree.folder, [ES]) == []
    assert tree.spanish.read_bytes() == before


def test_the_template_tells_the_translator_what_they_need(tree: Tree) -> None:
    """Note, limit, example values and what is safety-critical."""
    template = pot_path(tree.folder).read_text("utf-8")
    assert "#. For the translator.\n#. At most 900 characters.\n" in template
    assert "{ttl} is something like “1 hour”" in template
    assert template.count("SAFETY-CRITICAL") == 2  # the text, and the label it shows
    assert "language:es" not in template


def test_a_changed_source_makes_its_translation_fuzzy_with_the_previous_source(tree: Tree) -> None:
    """However much it changed, the translator sees what they had translated."""
    tree.edit(tree.texts, "Something is new for you.", "Quite other words!")
    assert update(tree.folder, [ES]) == [pot_path(tree.folder), tree.spanish]
    changed = entry(tree, "privacy.plain")
    assert (changed.fuzzy, changed.translation) == (True, SPANISH["privacy.plain"])
    assert changed.previous == "Something is new for you."
    assert update(tree.folder, [ES]) == []


def test_the_first_source_is_kept_while_it_changes_again(tree: Tree) -> None:
    """Fuzzy compares with what was translated, not with the step in between."""
    tree.edit(tree.texts, "Something is new for you.", "Second words.")
    update(tree.folder, [ES])
    tree.edit(tree.texts, "Second words.", "Third words.")
    update(tree.folder, [ES])
    assert entry(tree, "privacy.plain").previous == "Something is new for you."


def test_a_text_never_takes_over_the_translation_of_another(tree: Tree) -> None:
    """Texts that look alike may mean opposite things."""
    tree.edit(
        tree.texts,
        "privacy.plain:",
        "privacy.other:\n  text: Something is new for us.\nprivacy.plain:",
    )
    update(tree.folder, [ES])
    assert entry(tree, "privacy.other").translation == ""


def test_a_text_that_comes_back_has_its_translation_again(tree: Tree) -> None:
    """What the source drops is kept as obsolete."""
    whole = tree.texts.read_text("utf-8")
    tree.edit(tree.texts, "privacy.sample:\n  text: 'Like this: {privacy.plain}'\n", "")
    update(tree.folder, [ES])
    assert "#~ msgctxt" in tree.spanish.read_text("utf-8")
    tree.texts.write_text(whole, "utf-8")
    update(tree.folder, [ES])
    assert entry(tree, "privacy.sample").translation == SPANISH["privacy.sample"]
    assert not entry(tree, "privacy.sample").fuzzy
    assert "#~" not in tree.spanish.read_text("utf-8")


def test_headers_and_comments_of_a_translator_survive(tree: Tree) -> None:
    """Whoever and whatever tool wrote them."""
    tree.edit(
        tree.spanish, '"X-Review: unreviewed\\n"', '"X-Review: machine-draft\\n"\n"X-Mine: 1\\n"'
    )
    tree.edit(tree.spanish, 'msgctxt "privacy.plain"', '# Ask Ana.\nmsgctxt "privacy.plain"')
    tree.edit(tree.texts, "Something is new for you.", "Other words.")
    update(tree.folder, [ES])
    file = read_po(tree.spanish)
    assert (file.headers["X-Review"], file.headers["X-Mine"]) == ("machine-draft", "1")
    assert entry(tree, "privacy.plain").comments == ("Ask Ana.",)


def test_a_new_language_gets_a_file(tree: Tree) -> None:
    """Empty, with the headers that tools need."""
    update(tree.folder, [Locale("pt-BR")])
    file = read_po(tree.folder / "locales" / "pt-BR" / "LC_MESSAGES" / "responses.po")
    assert file.headers["Language"] == "pt_BR"
    assert {e.translation for e in file.entries} == {""}


def test_a_tag_that_is_no_language_is_refused(tree: Tree) -> None:
    """Before anything is written."""
    with pytest.raises(ConfigurationError, match="no language tag"):
        update(tree.folder, [Locale("../es")])


def test_coverage_counts_what_may_be_shown(tree: Tree) -> None:
    """Fuzzy and missing apart, the safety-critical ones named."""
    tree.edit(tree.texts, "are deleted", "will be deleted")
    tree.translate({"button/flow:resume": ""})
    update(tree.folder, [ES])
    (line,) = coverage(tree.folder, [Locale("en"), ES])
    counts = (line.total, line.translated, line.fuzzy, line.missing, line.critical_missing)
    assert counts == (5, 3, 1, 1, 1)
    assert line.review == "unreviewed"


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1
)
PARAGRAPHS = st.lists(TEXT, min_size=1, max_size=4).map("\n".join)


@given(st.dictionaries(TEXT.map(str.strip).filter(bool), PARAGRAPHS, max_size=5), st.booleans())
def test_every_text_survives_the_file(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str], fuzzy: bool
) -> None:
    """Quotes, backslashes, long lines and any script come back as they were."""
    entries = tuple(
        PoEntry(f"k.{n}", source, translation, fuzzy, source if fuzzy else "")
        for n, (source, translation) in enumerate(texts.items())
    )
    path = tmp_path_factory.mktemp("po") / "x.po"
    path.write_text(format_po(PoFile({"Language": "es"}, entries=entries)), "utf-8", newline="\n")
    read = read_po(path)
    assert [(e.context, e.source, e.translation, e.fuzzy, e.previous) for e in read.entries] == [
        (e.context, e.source, e.translation, e.fuzzy, e.previous) for e in entries
    ]


def test_the_previous_english_keeps_its_paragraphs(tree: Tree) -> None:
    """However many empty lines it has: a translator compares the old with the new."""
    old = "One.\\n\\nTwo.\\n\\nThree."
    tree.edit(tree.texts, "text: Something is new for you.", f'text: "{old}"')
    update(tree.folder, [ES])
    tree.translate({"privacy.plain": "Uno.\n\nDos.\n\nTres."})
    tree.edit(tree.texts, f'text: "{old}"', "text: Four.")
    update(tree.folder, [ES])
    for _ in range(2):
        entry = next(e for e in read_po(tree.spanish).entries if e.context == "privacy.plain")
        assert entry.previous == "One.\n\nTwo.\n\nThree."
        assert update(tree.folder, [ES]) == []
