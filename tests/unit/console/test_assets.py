"""The pages' own files: nothing from elsewhere, no code in the page, no text read as HTML."""

import re
from pathlib import Path

import pytest

from bot.console import pages

FILES = sorted(
    path
    for folder in ("static", "templates")
    for path in (pages.HERE / folder).iterdir()
    if path.suffix in {".js", ".css", ".html", ".svg"}
)


def test_there_are_files_to_look_at() -> None:
    """So that the tests below cannot pass on nothing."""
    assert {path.suffix for path in FILES} == {".js", ".css", ".html", ".svg"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere(path: Path) -> None:
    """Neither scripts nor styles, fonts or pictures."""
    text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|(?:src|href)=\"//|url\(|@import", text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_text_is_ever_read_as_html_or_code(path: Path) -> None:
    """What people write is set as text, by all of the scripts."""
    text = path.read_text("utf-8")
    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "DOMParser",
        "srcdoc",
        "|safe",
    ):
        assert way not in text


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.suffix == ".html"], ids=lambda path: path.name
)
def test_pages_hold_no_code_and_no_style(path: Path) -> None:
    """The content security policy would refuse them anyway."""
    text = path.read_text("utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.suffix == ".js"], ids=lambda path: path.name
)
def test_storage_holds_a_number_and_a_setting_at_most(path: Path) -> None:
    """Drafts and messages live in memory only."""
    kept = re.findall(r"(?:local|session)Storage\.setItem\(([^,]+),", path.read_text("utf-8"))
    assert set(kept) <= {"SETTING", "`seen/${talk.handoff.id}`"}
