"""The catalogue says what is in the files, in the language asked for, or refuses to start."""

from pathlib import Path

import pytest

from bot.content.catalogue import Button, Catalogue, Rendered
from bot.content.errors import UnfilledPlaceholder, UnknownText
from bot.content.responses import ResponseCatalogue
from bot.errors import ConfigurationError
from bot.ids import Locale

from .conftest import Tree

EN, ES = Locale("en"), Locale("es")


def load(tree: Tree, *locales: Locale, overlay: Path | None = None) -> ResponseCatalogue:
    return ResponseCatalogue.load(tree.folder, locales or (EN, ES), overlay)


def test_a_text_comes_filled_with_its_buttons(tree: Tree) -> None:
    """Placeholders, quoted labels and buttons are all in the language asked for."""
    catalogue: Catalogue = load(tree)
    assert catalogue.render("privacy.overview", ES, {"ttl": "1 hora"}) == Rendered(
        "Los mensajes se borran después de 1 hora. Toca “Ver”.", ((Button("flow:show", "Ver"),),)
    )


def test_a_quoted_text_is_word_for_word_the_other_text(tree: Tree) -> None:
    """A sample shown beforehand cannot drift from what is sent."""
    catalogue = load(tree)
    sent = catalogue.render("privacy.plain", ES, {}).text
    assert catalogue.render("privacy.sample", ES, {}).text == f"Así: {sent}"


def test_given_buttons_replace_and_more_are_added_once(tree: Tree) -> None:
    """The caller's buttons stand one a row, and none twice."""
    shown = load(tree).render(
        "privacy.overview", EN, {"ttl": "1 hour"}, ("flow:resume",), ("flow:show", "flow:resume")
    )
    assert shown.buttons == ((Button("flow:resume", "Go back"),), (Button("flow:show", "See"),))


def test_a_fixed_label_is_the_same_everywhere(tree: Tree) -> None:
    """A language is offered by its own name."""
    catalogue = load(tree)
    assert {catalogue.label("language:es", locale) for locale in (EN, ES)} == {"Español"}


def test_the_source_language_comes_first(tree: Tree) -> None:
    """Whatever the order in the settings."""
    assert load(tree, ES, EN).locales == (EN, ES)
    assert load(tree, ES).locales == (ES,)


@pytest.mark.parametrize(
    ("key", "locale", "buttons"),
    [
        ("privacy.nothing", EN, None),
        ("privacy.plain", Locale("fr"), None),
        ("privacy.plain", EN, ("flow:nothing",)),
    ],
)
def test_what_is_not_there_is_never_replaced_by_something_else(
    tree: Tree, key: str, locale: Locale, buttons: tuple[str, ...] | None
) -> None:
    """No text falls back to another language, and no button to its id."""
    with pytest.raises(UnknownText):
        load(tree).render(key, locale, {}, buttons)


def test_a_text_is_not_said_with_a_hole(tree: Tree) -> None:
    """The error names key and placeholder."""
    with pytest.raises(UnfilledPlaceholder, match=r"privacy.overview.*\{ttl\}"):
        load(tree).render("privacy.overview", EN, {})


def test_a_missing_critical_translation_bars_the_language(tree: Tree) -> None:
    """It is said so, and the language alone is barred."""
    tree.translate({"privacy.overview": ""})
    with pytest.raises(
        ConfigurationError, match=r"responses.po:\d+: privacy.overview: safety-crit"
    ):
        load(tree)
    assert load(tree, EN).locales == (EN,)


def test_a_fuzzy_translation_is_never_shown(tree: Tree) -> None:
    """A fuzzy mark set by a translator's tool bars the language as well."""
    tree.edit(tree.spanish, 'msgctxt "privacy.overview"', '#, fuzzy\nmsgctxt "privacy.overview"')
    with pytest.raises(ConfigurationError, match="fuzzy in es"):
        load(tree)


def test_a_changed_source_bars_its_old_translation_even_before_an_update(tree: Tree) -> None:
    """An outdated sentence could say the opposite of the new one."""
    tree.edit(tree.texts, "are deleted after", "are no longer deleted after")
    with pytest.raises(ConfigurationError, match=r"privacy.overview: .*out of date in es"):
        load(tree)


def test_a_label_that_critical_texts_show_is_critical_too(tree: Tree) -> None:
    """A button cannot be left in another language either."""
    tree.translate({"button/flow:show": ""})
    with pytest.raises(ConfigurationError, match="button/flow:show: safety-critical"):
        load(tree)


def test_keys_that_the_bot_says_must_be_there(tree: Tree) -> None:
    """The error names the file to write it to."""
    with pytest.raises(ConfigurationError, match=r"welcome.yml:1: welcome.greeting: has no text"):
        ResponseCatalogue.load(tree.folder, (EN,), required_keys={"welcome.greeting"})


def test_a_language_without_a_file_is_named(tree: Tree) -> None:
    """With the way to mend it."""
    with pytest.raises(ConfigurationError, match="no translation for fr; run"):
        load(tree, EN, Locale("fr"))


def test_no_language_at_all_is_an_error(tree: Tree) -> None:
    """And not an empty catalogue."""
    with pytest.raises(ConfigurationError, match="no language is enabled"):
        ResponseCatalogue.load(tree.folder, ())


def test_a_folder_without_texts_is_an_error(tmp_path: Path) -> None:
    """Nothing starts silently empty."""
    with pytest.raises(ConfigurationError, match="no texts here"):
        ResponseCatalogue.load(tmp_path, (EN,))


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("text: Something", "text: [Something", 12, "not YAML"),
        ("    - [flow:show]\n", "    - [flow:show]\n  wrong: 1\n", 8, "wrong"),
        ("  text: Something is new for you.\n", "", 10, "Field required"),
        ("safety: critical", "safety: yes", 2, "safety"),
        ("{ttl}", "{tll}", 4, "unknown placeholder {tll}"),
        ("{flow:show}", "{flow:sow}", 4, "names no button"),
        ("{privacy.plain}", "{privacy.plan}", 9, "names no text"),
        ("{privacy.plain}", "{privacy.overview}", 9, "placeholders of its own"),
        ("after {ttl}", "after {ttl", 4, "brace"),
        ("- [flow:show]", "- [flow:sow]", 6, "unknown button flow:sow"),
        ("privacy.plain:", "privacy.sample:", 10, "also in"),
        ("privacy.plain:", "welcome.plain:", 10, "does not belong"),
        ("  note: For", "  text: For", 10, "twice"),
        ("privacy.plain:\n", "privacy.bare: 1\nprivacy.plain:\n", 10, "has no fields"),
    ],
)
def test_damage_in_the_source_is_named_with_its_line(
    tree: Tree, old: str, new: str, line: int, says: str
) -> None:
    """File, line and mend, and no traceback of the parser."""
    tree.edit(tree.texts, old, new)
    with pytest.raises(ConfigurationError) as error:
        load(tree, EN)
    assert f"privacy.yml:{line}: " in str(error.value)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('msgstr "Volver"', 'msgstr "Volver', "not in quotes"),
        ('msgstr "Volver"', 'msgst "Volver"', "damaged"),
        ("{ttl}. Toca", "{tll}. Toca", "placeholders differ"),
        ("{ttl}. Toca", "{ttl. Toca", "brace"),
        ('msgctxt "button/flow:resume"', 'msgctxt "button/flow:show"', "twice"),
    ],
)
def test_damage_in_a_translation_is_named_with_its_line(
    tree: Tree, old: str, new: str, says: str
) -> None:
    """As for the source."""
    tree.edit(tree.spanish, old, new)
    with pytest.raises(ConfigurationError, match=r"responses.po:\d+: ") as error:
        load(tree)
    assert says in str(error.value)


def test_a_file_that_is_not_text_is_named(tree: Tree) -> None:
    """Binary rubbish gets a sentence, not a traceback."""
    tree.spanish.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="save it as UTF-8"):
        load(tree)
    tree.texts.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="UTF-8"):
        load(tree, EN)


def test_an_overlay_changes_what_it_names_and_keeps_the_rest(tree: Tree, tmp_path: Path) -> None:
    """An organisation's words replace ours, in each language by its own file."""
    overlay = tmp_path / "ours"
    (overlay / "en").mkdir(parents=True)
    (overlay / "en" / "privacy.yml").write_text(
        "privacy.overview: {text: 'Gone after {ttl}.'}\n", "utf-8"
    )
    shown = load(tree, EN, overlay=overlay).render("privacy.overview", EN, {"ttl": "1 hour"})
    assert shown == Rendered("Gone after 1 hour.", ((Button("flow:show", "See"),),))
    with pytest.raises(ConfigurationError, match=r"privacy\.overview: safety-critical and out of"):
        load(tree, overlay=overlay)
    spanish = overlay / "locales" / "es" / "LC_MESSAGES" / "responses.po"
    spanish.parent.mkdir(parents=True)
    spanish.write_text(
        'msgid ""\nmsgstr "Language: es\\n"\n\nmsgctxt "privacy.overview"\n'
        'msgid "Gone after {ttl}."\nmsgstr "Se va en {ttl}."\n',
        "utf-8",
    )
    both = load(tree, overlay=overlay)
    assert both.render("privacy.overview", ES, {"ttl": "1 hora"}).text == "Se va en 1 hora."
    assert both.render("privacy.plain", ES, {}).text == "Hay algo nuevo para ti."
