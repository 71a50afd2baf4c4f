"""An organisation's own words, as the guide shows them: every example in it is tried."""

import re
import shutil
from pathlib import Path

import pytest

from bot.bootstrap import REQUIRED_TEXTS
from bot.content.catalogue import Rendered
from bot.content.checks import check
from bot.content.po import format_po, read_po
from bot.content.responses import ResponseCatalogue
from bot.content.translations import po_path
from bot.content.update import update
from bot.dialogue.intents import Intent
from bot.directory.checks import check as check_directory
from bot.directory.reading import read_directory
from bot.errors import ConfigurationError
from bot.ids import Locale
from bot.settings import ROOT

RESPONSES = ROOT / "responses"
GUIDE = (ROOT / "docs" / "organisations.md").read_text("utf-8")
EXAMPLE = re.compile(r"```yaml\n# ours/(\S+)\n(.*?)```", re.DOTALL)
EN, ES = Locale("en"), Locale("es")


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """The guide's overlay, with nine services more than it shows."""
    overlay = tmp_path / "ours"
    for name, text in EXAMPLE.findall(GUIDE):
        path = overlay / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
    services = overlay / "directory" / "gb" / "harbour.yml"
    entry = services.read_text("utf-8")
    more = (entry.replace("gb-harbour-house", f"gb-harbour-{n}") for n in range(9))
    services.write_text("\n".join([entry, *more]), "utf-8")
    return overlay


def load(overlay: Path, *locales: Locale) -> ResponseCatalogue:
    return ResponseCatalogue.load(
        RESPONSES, locales, overlay, required_keys=REQUIRED_TEXTS, organization="Harbour House"
    )


def ids(shown: Rendered) -> list[str]:
    return [button.id for row in shown.buttons for button in row]


def test_the_overlay_gives_no_finding(ours: Path) -> None:
    """Neither its texts nor its services."""
    assert [str(f) for f in check(RESPONSES, [EN], REQUIRED_TEXTS, overlay=ours)] == []
    day = read_directory(ours / "directory")[0].services["gb-harbour-house"].assured_date
    folder = RESPONSES / "directory"
    found = check_directory(folder, day, frozenset(Intent), overlay=ours / "directory")
    assert [f for f in found if f.file.startswith(str(ours))] == []


def test_the_changed_words_are_said_in_the_organisations_name(ours: Path) -> None:
    """The names, two texts, a page of its own, and a topic less."""
    catalogue = load(ours, EN)
    assert catalogue.render("webchat.title", EN, {}).text == "Harbour notes"
    assert catalogue.render("telegram.name", EN, {}).text == "Harbour Notes"
    assert "Harbour House runs this bot" in catalogue.render("options.about.behind", EN, {}).text
    shelter = catalogue.render("options.ask_shelter", EN, {})
    assert shelter.text.endswith("From Harbour House, last checked in November 2026.")
    housing = catalogue.render("options.ask_housing", EN, {})
    assert "page:ask_shelter.harbour" in ids(housing)
    assert "ask_shelter.harbour" in catalogue.pages("", EN)
    assert "ask_pets" not in catalogue.pages("", EN)
    assert "intent:ask_pets" not in ids(catalogue.render("options.needs", EN, {}))


def test_its_ten_services_are_found(ours: Path) -> None:
    """Beside those that we have."""
    directory, findings = read_directory(RESPONSES / "directory", ours / "directory")
    assert findings == []
    own = [id_ for id_ in directory.services if id_.startswith("gb-harbour-")]
    assert len(own) == 10


def test_a_language_waits_for_the_translation_of_the_new_words(ours: Path, tmp_path: Path) -> None:
    """The update writes what is to translate, beginning with our words, and leaves ours alone."""
    with pytest.raises(ConfigurationError, match=r"webchat\.title|options\.|page:"):
        load(ours, EN, ES)
    copy = tmp_path / "responses"
    shutil.copytree(RESPONSES, copy)
    written = update(copy, [ES], ours)
    assert {path.is_relative_to(ours) for path in written} == {True}
    assert update(copy, [ES], ours) == []
    file = read_po(po_path(ours, ES))
    contexts = {entry.context: entry for entry in file.entries}
    assert set(contexts) == {
        "webchat.title",
        "telegram.name",
        "telegram.description",
        "options.about.behind",
        "options.ask_shelter",
        "options.ask_shelter.harbour",
        "button/page:ask_shelter.harbour",
    }
    assert contexts["options.ask_shelter"].fuzzy
    assert contexts["options.ask_shelter"].translation
    translated = format_po(file).replace("#, fuzzy\n", "")
    for name in ("options.ask_shelter.harbour", "button/page:ask_shelter.harbour"):
        at = translated.index(f'msgctxt "{name}"')
        rest = translated[at:].replace('msgstr ""', 'msgstr "En la casa."', 1)
        translated = translated[:at] + rest
    po_path(ours, ES).write_text(translated, "utf-8")
    assert load(ours, EN, ES).render("options.ask_shelter.harbour", ES, {}).text == "En la casa."


def test_translations_of_what_is_switched_off_are_no_fault(ours: Path) -> None:
    """They are ours, and no update of the organisation's could mend them."""
    found = check(RESPONSES, [ES], REQUIRED_TEXTS, overlay=ours)
    assert [f for f in found if "ask_pets" in f.key] == []
    assert [f for f in found if f.key == "webchat.title"], "what has to be translated is told"
