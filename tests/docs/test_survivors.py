"""The page for survivors says what the bot says, in each language."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.content.languages import available
from bot.content.leaflet import SECTIONS, leaflet
from bot.content.responses import ResponseCatalogue
from bot.content.source import SOURCE_LOCALE
from bot.ids import Locale
from bot.settings import ROOT

LOCALES = tuple(dict.fromkeys((SOURCE_LOCALE, *available(ROOT / "responses"))))


@pytest.fixture(scope="module")
def catalogue() -> ResponseCatalogue:
    return ResponseCatalogue.load(ROOT / "responses", LOCALES)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_is_what_the_bot_says(catalogue: ResponseCatalogue, locale: Locale) -> None:
    """After a change of the texts: `sidelight responses leaflet --into docs/survivors`."""
    page = (ROOT / "docs" / "survivors" / f"{locale}.md").read_text("utf-8")
    assert page == leaflet(catalogue, locale)
    assert page.count("\n## ") == len(SECTIONS)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_draft_says_so(catalogue: ResponseCatalogue, locale: Locale) -> None:
    """Nobody takes an unread translation for a reviewed one; and Arabic runs from the right."""
    page = leaflet(catalogue, locale)
    ribbon = catalogue.render("webchat.draft", locale, {}).text
    assert (ribbon in page) == (locale in catalogue.drafts)
    assert page.startswith('<div dir="rtl"') == (locale == "ar")


def test_an_organisation_s_page_says_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The overlay's words are there, and a page that it switched off is not."""
    folder = tmp_path / "ours" / "en" / "options"
    folder.mkdir(parents=True)
    (folder / "ours.yml").write_text(
        "options.about.kept:\n  text: We keep what you write until tonight.\n"
        "options.about.costs:\n  enabled: false\n"
    )
    monkeypatch.setenv("BOT_RESPONSES_OVERLAY", str(tmp_path / "ours"))
    words = ["responses", "leaflet", "en", "--into", str(tmp_path / "out")]
    assert CliRunner().invoke(cli, words, catch_exceptions=False).exit_code == 0
    page = (tmp_path / "out" / "en.md").read_text("utf-8")
    assert "We keep what you write until tonight." in page
    assert page.count("\n## ") == len(SECTIONS) - 1
