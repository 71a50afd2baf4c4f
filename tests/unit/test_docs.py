"""The documents say what is so."""

import re

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.settings import ROOT, Settings


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    """A setting that nobody can find does not exist."""
    assert f"`BOT_{name.upper()}`" in (ROOT / "docs" / "settings.md").read_text("utf-8")


def test_no_other_setting_is_documented() -> None:
    """What is documented exists."""
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    named = set(re.findall(r"`BOT_([A-Z_]+)`", text))
    assert named == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("page", sorted((ROOT).glob("*.md")) + sorted((ROOT / "docs").glob("*.md")))
def test_links_between_documents_lead_somewhere(page: object) -> None:
    """No reader ends at a page that is not there."""
    text = page.read_text("utf-8")  # type: ignore[attr-defined]
    for target in re.findall(r"\]\(([^)#]+)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target  # type: ignore[attr-defined]


COMMANDS = (
    *("serve", "demo", "nlu train", "nlu serve", "nlu parse", "nlu evaluate"),
    *("responses check", "responses update", "responses coverage", "responses sign"),
    *("responses new-locale", "responses export", "responses import", "responses preview"),
    *("advocate add", "directory check", "directory import", "directory export"),
    *("keys init", "keys rotate", "keys status", "db upgrade", "db check"),
    *("telegram set-profile", "doctor"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    """`--help` of each says what it does."""
    result = CliRunner().invoke(cli, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 3
