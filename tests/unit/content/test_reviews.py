"""A signature stands for what somebody read, and for nothing else."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.coverage import coverage
from bot.content.po import format_po, read_po
from bot.content.responses import ResponseCatalogue
from bot.content.reviews import (
    Signature,
    hash_of,
    read_signatures,
    refuse_drafts,
    review_path,
    write_signatures,
)
from bot.content.signing import choose, open_desk, sign, unsign
from bot.content.update import update
from bot.errors import ConfigurationError
from bot.ids import Locale

from .conftest import Tree

EN, ES = Locale("en"), Locale("es")
TODAY = date(2026, 11, 22)


def sign_all(tree: Tree, overlay: Path | None = None, reviewer: str = "Ana") -> int:
    desk = open_desk(tree.folder, ES, overlay)
    signed, findings = sign(desk, choose(desk, (), (), every=True), reviewer, TODAY)
    assert findings == []
    return signed


def drafts(tree: Tree, overlay: Path | None = None) -> dict[Locale, int]:
    return dict(ResponseCatalogue.load(tree.folder, (EN, ES), overlay).drafts)


def test_a_language_is_a_draft_until_all_its_critical_texts_are_signed(tree: Tree) -> None:
    """The text, and the label that it shows and quotes; the source is never a draft."""
    assert drafts(tree) == {ES: 2}
    desk = open_desk(tree.folder, ES)
    sign(desk, choose(desk, ["privacy.overview"], (), every=False), "Ana", TODAY)
    assert drafts(tree) == {ES: 1}
    assert sign_all(tree) == 2
    assert drafts(tree) == {}


def test_what_a_critical_text_quotes_is_critical_too(tree: Tree) -> None:
    """Else the words that people read could change under the signature."""
    tree.edit(tree.texts, "  text: 'Like this:", "  safety: critical\n  text: 'Like this:")
    assert set(open_desk(tree.folder, ES).units) == {
        *("privacy.overview", "privacy.sample", "privacy.plain", "button/flow:show")
    }


def test_a_changed_translation_voids_its_signature(tree: Tree) -> None:
    """And that one alone."""
    sign_all(tree)
    tree.translate({"privacy.overview": "Nada se borra después de {ttl}. Toca “{flow:show}”."})
    assert drafts(tree) == {ES: 1}
    desk = open_desk(tree.folder, ES)
    unit = desk.units["privacy.overview"]
    assert desk.reviews.valid(unit, desk.translation) is None
    assert desk.reviews.void(unit, desk.translation) is not None


def test_a_changed_source_voids_the_signature_even_if_the_translation_stays(tree: Tree) -> None:
    """Whoever takes the fuzzy mark off does not sign by it."""
    sign_all(tree)
    tree.edit(tree.texts, "are deleted after", "are no longer deleted after")
    update(tree.folder, [ES])
    file = read_po(tree.spanish)
    entries = tuple(replace(entry, fuzzy=False, previous="") for entry in file.entries)
    tree.spanish.write_text(format_po(replace(file, entries=entries)), "utf-8")
    assert drafts(tree) == {ES: 1}


def test_spaces_around_a_text_do_not_void_it(tree: Tree) -> None:
    """They are not shown."""
    sign_all(tree)
    tree.translate({"button/flow:show": "Ver "})
    assert drafts(tree) == {}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "not translated"),
        ("Se borran. Toca “{flow:show}”.", "the placeholders differ"),
        ("Se borran en {ttl. Toca “{flow:show}”.", "a brace"),
    ],
)
def test_what_could_not_be_said_cannot_be_signed(tree: Tree, words: str, says: str) -> None:
    """It is named with file and line; the others are signed all the same."""
    tree.translate({"privacy.overview": words})
    desk = open_desk(tree.folder, ES)
    signed, findings = sign(desk, list(desk.units.values()), "Ana", TODAY)
    assert signed == 1
    (finding,) = findings
    assert (finding.file, finding.key) == (str(tree.spanish), "privacy.overview")
    assert says in finding.problem


def test_what_is_fuzzy_cannot_be_signed(tree: Tree) -> None:
    """It was made from another English text."""
    tree.edit(tree.texts, "are deleted after", "may be deleted after")
    update(tree.folder, [ES])
    desk = open_desk(tree.folder, ES)
    assert [f.key for f in sign(desk, list(desk.units.values()), "Ana", TODAY)[1]] == [
        "privacy.overview"
    ]


def test_an_organisation_signs_in_its_own_folder(tree: Tree, tmp_path: Path) -> None:
    """Its words and ours; our files stay as they are, and ours still count where they hold."""
    overlay = tmp_path / "ours"
    sign_all(tree, overlay)
    assert not review_path(tree.folder, ES).exists()
    assert drafts(tree) == {ES: 2}
    assert drafts(tree, overlay) == {}
    sign_all(tree, reviewer="Upstream")
    desk = open_desk(tree.folder, ES, overlay)
    assert unsign(desk, list(desk.units.values())) == 2
    assert drafts(tree, overlay) == {}


def test_an_organisations_changed_text_needs_a_signature_of_its_own(
    tree: Tree, tmp_path: Path
) -> None:
    """Ours was given for other words."""
    sign_all(tree)
    overlay = tmp_path / "ours"
    (overlay / "en").mkdir(parents=True)
    (overlay / "en" / "buttons.yml").write_text("flow:show: {label: Look}\n", "utf-8")
    po = overlay / "locales" / "es" / "LC_MESSAGES" / "responses.po"
    po.parent.mkdir(parents=True)
    po.write_text(
        'msgid ""\nmsgstr ""\n"Language: es\\n"\n\n'
        'msgctxt "button/flow:show"\nmsgid "Look"\nmsgstr "Mirar"\n',
        "utf-8",
    )
    assert drafts(tree, overlay) == {ES: 1}
    sign_all(tree, overlay)
    assert drafts(tree, overlay) == {}


def test_signatures_are_taken_back(tree: Tree) -> None:
    """One of them, and the other stays."""
    sign_all(tree)
    desk = open_desk(tree.folder, ES)
    assert unsign(desk, choose(desk, ["flow:show"], (), every=False)) == 1
    assert drafts(tree) == {ES: 1}


def test_texts_are_chosen_by_key_by_button_and_by_file(tree: Tree) -> None:
    """A button by its id alone, a file as it stands below en/."""
    desk = open_desk(tree.folder, ES)

    def chosen(keys: tuple[str, ...] = (), files: tuple[str, ...] = ()) -> list[str]:
        return [unit.context for unit in choose(desk, keys, files, every=False)]

    assert chosen(keys=("flow:show", "button/flow:show")) == ["button/flow:show"]
    for name in ("privacy.yml", "privacy", "en/privacy.yml"):
        assert chosen(files=(name,)) == ["privacy.overview"]
    assert chosen(files=("buttons",)) == ["button/flow:show"]


@pytest.mark.parametrize(("keys", "files"), [(("privacy.plain",), ()), ((), ("acy",)), ((), ("",))])
def test_what_needs_no_signature_is_not_signed_by_mistake(
    tree: Tree, keys: tuple[str, ...], files: tuple[str, ...]
) -> None:
    """A typo signs nothing else, and is told."""
    with pytest.raises(ConfigurationError, match="no safety-critical text"):
        choose(open_desk(tree.folder, ES), keys, files, every=False)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "A\x7fna"])
def test_a_name_that_is_none_signs_nothing(tree: Tree, name: str) -> None:
    """Somebody answers for it, or nobody does."""
    desk = open_desk(tree.folder, ES)
    with pytest.raises(ConfigurationError, match="name"):
        sign(desk, list(desk.units.values()), name, TODAY)
    assert not desk.path.exists()


def test_the_gate_names_language_count_and_command() -> None:
    """In one line."""
    with pytest.raises(ConfigurationError) as error:
        refuse_drafts({ES: 12})
    said = str(error.value)
    assert "\n" not in said
    for part in ("es is a draft", "12 safety-critical texts", "sidelight responses sign es"):
        assert part in said
    with pytest.raises(ConfigurationError, match=r"; so are fr \(3\), ar \(1\); see"):
        refuse_drafts({ES: 1, Locale("fr"): 3, Locale("ar"): 1})
    refuse_drafts({})


def test_coverage_counts_the_signatures_that_hold(tree: Tree) -> None:
    """Of the critical ones, as they read now."""
    (line,) = coverage(tree.folder, [ES])
    assert (line.critical, line.signed) == (2, 0)
    sign_all(tree)
    tree.translate({"button/flow:show": "Mira"})
    (line,) = coverage(tree.folder, [ES])
    assert (line.critical, line.signed) == (2, 1)


def test_no_two_parts_can_be_mistaken_for_others() -> None:
    """Key, English and translation are told apart, wherever a text ends."""
    assert hash_of("a", "b", "c") == hash_of("a", " b\n", "c ")
    parts = [("a", "b", "c"), ("a", "bc", ""), ("ab", "", "c"), ("a", 'b","c', ""), ("c", "b", "a")]
    assert len({hash_of(*p) for p in parts}) == len(parts)


NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1)


@given(st.dictionaries(NAMES, NAMES.map(lambda name: Signature(name, TODAY, "0" * 16))))
def test_every_name_survives_the_file(
    tmp_path_factory: pytest.TempPathFactory, signatures: dict[str, Signature]
) -> None:
    """Whatever script it is in, and quotes and backslashes."""
    path = tmp_path_factory.mktemp("reviews") / "es.toml"
    write_signatures(path, signatures)
    assert read_signatures(path) == (signatures, [])


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("# ours\n[broken", 2, "not TOML"),
        ('"a" = { reviewer = "", on = 2026-01-01, hash = "0123456789abcdef" }', 1, "signature"),
        ('"a" = { reviewer = "A", on = "soon", hash = "0123456789abcdef" }', 1, "signature"),
        ('"a" = { reviewer = "A", on = 2026-01-01, hash = "x" }', 1, "signature"),
        ("a = 1", 1, "signature"),
    ],
)
def test_a_damaged_file_is_named_and_counts_for_nothing(
    tree: Tree, content: str, line: int, says: str
) -> None:
    """Neither the gate nor the next signature goes over it."""
    path = review_path(tree.folder, ES)
    path.parent.mkdir()
    path.write_text(content, "utf-8")
    for use in (lambda: drafts(tree), lambda: sign_all(tree)):
        with pytest.raises(ConfigurationError, match=says) as error:
            use()
        assert f"es.toml:{line}: " in str(error.value)
    assert path.read_text("utf-8") == content
