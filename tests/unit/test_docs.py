"""The documents say what is so."""

import re
import tomllib

import pytest

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


def test_each_dependency_has_its_reason() -> None:
    """Whoever adds one says why; whoever drops one takes its reason along."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {re.split(r"[^\w-]", one)[0] for one in project["project"]["dependencies"]}
    wanted |= {re.split(r"[^\w-]", one)[0] for one in project["dependency-groups"]["build"]}
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    page = page.partition("## Dependencies, and why")[2]
    rows = re.findall(r"^\| ([a-z][a-z0-9, -]+) \| .{20,} \|$", page, re.MULTILINE)
    assert {name for row in rows[1:] for name in row.split(", ")} == wanted
