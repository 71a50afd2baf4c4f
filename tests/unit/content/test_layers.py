"""Pages, countries, and an organisation's own words: which text is said, and in whose name."""

from pathlib import Path

import pytest

from bot.content.catalogue import Button, Rendered
from bot.content.errors import UnknownText
from bot.content.layers import country_name
from bot.content.reading import read_source
from bot.content.responses import ResponseCatalogue
from bot.ids import Locale

EN = Locale("en")

FACTS = "  sources: [{title: A page, url: 'https://example.org/'}]\n  reviewed_on: 2026-05-01\n"
FILES = {
    "en/buttons.yml": (
        "intent:ask_money: {label: Money}\nintent:ask_pets: {label: Pets}\nback: {label: Back}\n"
    ),
    "en/layer.yml": (
        "layer.generic: {text: 'For anyone, {date}.', params: {date: May}}\n"
        "layer.country: {text: 'For {country}, {date}.', params: {country: X, date: May}}\n"
        "layer.organisation:\n  text: 'By {organisation}, {date}.'\n"
        "  params: {organisation: X, date: May}\n"
        "layer.organisation.unnamed: {text: 'By the organisation, {date}.', params: {date: May}}\n"
    ),
    "en/options.yml": (
        "options.menu:\n  text: Choose.\n  buttons: [[intent:ask_money, intent:ask_pets]]\n"
    ),
    "en/options/ask_pets.yml": "options.ask_pets:\n  text: Pets.\n",
    "en/options/ask_money.yml": (
        "options.ask_money:\n  text: Money.\n"
        "  buttons: [[page:ask_money.debts, intent:ask_pets]]\n"
        f"{FACTS}"
        "options.ask_money.debts:\n  label: Debts\n  text: Debts.\n"
    ),
    "en/countries/gb.yml": (
        "options.ask_money@gb:\n  text: Money there.\n"
        f"{FACTS}"
        "options.ask_money.fund@gb:\n  label: The fund\n  text: A fund.\n"
        "options.ask_money.debts@gb:\n  text: Debts there.\n  buttons: [[page:ask_money.fund]]\n"
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small tree with a topic, its page, and a country."""
    root = tmp_path / "responses"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def overlay(folder: Path, name: str, text: str) -> Path:
    """An organisation's own folder with one file."""
    own = folder.parent / "own"
    (own / name).parent.mkdir(parents=True, exist_ok=True)
    (own / name).write_text(text, "utf-8")
    return own


def ids(shown: Rendered) -> list[str]:
    """The buttons, in order."""
    return [button.id for row in shown.buttons for button in row]


def test_a_text_on_facts_says_for_whom_it_holds_and_since_when(folder: Path) -> None:
    """Texts without facts stand alone."""
    catalogue = ResponseCatalogue.load(folder, [EN])
    assert catalogue.render("options.ask_money", EN, {}).text == "Money.\n\nFor anyone, May 2026."
    assert catalogue.render("options.ask_pets", EN, {}).text == "Pets."


def test_a_country_has_its_own_text_and_keeps_the_buttons(folder: Path) -> None:
    """It is named in the reader's language."""
    shown = ResponseCatalogue.load(folder, [EN]).render("options.ask_money", EN, {}, country="GB")
    assert shown.text == "Money there.\n\nFor United Kingdom, May 2026."
    assert ids(shown) == ["page:ask_money.debts", "intent:ask_pets"]
    assert country_name("GB", Locale("pt-BR")) == "Reino Unido"


def test_a_country_without_a_text_of_its_own_gets_the_generic_one(folder: Path) -> None:
    """Which says that it is generic."""
    shown = ResponseCatalogue.load(folder, [EN]).render("options.ask_money", EN, {}, country="FR")
    assert shown.text.startswith("Money.\n")


def test_a_page_of_one_country_is_offered_there_alone(folder: Path) -> None:
    """Its label, too, is known only there."""
    catalogue = ResponseCatalogue.load(folder, [EN])
    assert "ask_money.fund" in catalogue.pages("GB", EN)
    assert "ask_money.fund" not in catalogue.pages("FR", EN)
    assert "ask_money.fund" not in catalogue.pages("", EN)
    assert catalogue.localised(EN) == {"ask_money", "ask_money.debts", "ask_money.fund"}
    shown = catalogue.render("options.ask_money.debts", EN, {}, country="GB")
    assert shown.buttons == ((Button("page:ask_money.fund", "The fund"),),)
    with pytest.raises(UnknownText):
        catalogue.label("page:ask_money.fund", EN, "FR")


def test_a_button_without_a_label_of_its_own_bears_that_of_its_kind(folder: Path) -> None:
    """Wherever it leads back to."""
    assert ResponseCatalogue.load(folder, [EN]).label("back:ask_money", EN) == "Back"


def test_an_organisations_text_is_said_in_its_name(folder: Path) -> None:
    """Or as the organisation's, where it gives none; a changed button makes no such claim."""
    own = overlay(folder, "en/options/ask_money.yml", "options.ask_money: {text: Ours.}\n")
    named = ResponseCatalogue.load(folder, [EN], own, organization="Harbour House")
    assert named.render("options.ask_money", EN, {}).text == "Ours.\n\nBy Harbour House, May 2026."
    unnamed = ResponseCatalogue.load(folder, [EN], own).render("options.ask_money", EN, {})
    assert unnamed.text == "Ours.\n\nBy the organisation, May 2026."
    own = overlay(folder, "en/options/ask_money.yml", "options.ask_money: {buttons: []}\n")
    kept = ResponseCatalogue.load(folder, [EN], own, organization="Harbour House")
    assert kept.render("options.ask_money", EN, {}).text == "Money.\n\nFor anyone, May 2026."


def test_an_organisation_adds_a_topic_with_a_button(folder: Path) -> None:
    """By naming it in a text of its own."""
    own = overlay(
        folder,
        "en/options/quiz.yml",
        "options.quiz: {label: A quiz, text: Ours.}\noptions.menu: {buttons: [[page:quiz]]}\n",
    )
    catalogue = ResponseCatalogue.load(folder, [EN], own)
    assert "quiz" in catalogue.pages("", EN)
    shown = catalogue.render("options.menu", EN, {})
    assert shown.buttons == ((Button("page:quiz", "A quiz"),),)


def test_an_organisation_switches_a_topic_off(folder: Path) -> None:
    """With its pages, in every country, and with every button that leads there."""
    own = overlay(folder, "en/options/any.yml", "options.ask_money: {enabled: false}\n")
    required = ["options.menu", "options.ask_money"]
    catalogue = ResponseCatalogue.load(folder, [EN], own, required_keys=required)
    assert set(catalogue.pages("GB", EN)) == {"menu", "ask_pets"}
    assert ids(catalogue.render("options.menu", EN, {})) == ["intent:ask_pets"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("options.menu: {enabled: false}\n", "cannot be switched off"),
        ("privacy.overview: {enabled: false}\n", "cannot be switched off"),
        ("options.ask_monney: {enabled: false}\n", "names no text"),
    ],
)
def test_what_cannot_be_switched_off_is_told(folder: Path, text: str, problem: str) -> None:
    """With its place, and a mend."""
    own = overlay(folder, "en/options/any.yml", text)
    _, findings = read_source(folder, own)
    assert len(findings) == 1
    assert problem in findings[0].problem
    assert (Path(findings[0].file).name, findings[0].line) == ("any.yml", 1)


def test_a_text_in_the_wrong_country_is_told(folder: Path) -> None:
    """A file holds one country's texts."""
    path = folder / "en/countries/fr.yml"
    path.write_text("options.ask_money@gb: {text: Money.}\n", "utf-8")
    _, findings = read_source(folder)
    assert any("does not belong" in f.problem and "countries/gb.yml" in f.mend for f in findings)
