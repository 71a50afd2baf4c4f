"""Every link leads to a page, and every anchor to a heading of it."""

import re
from pathlib import Path

import pytest
import yaml

from bot.settings import ROOT
from tests.docs.pages import anchor, headings, links, pages

NAV = (ROOT / "mkdocs.yml").read_text("utf-8")


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """No reader ends at a page that is not there, or at its top instead of the place meant."""
    for target in links(page.read_text("utf-8")):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, place = target.partition("#")
        there = page if not path else (page.parent / path).resolve()
        assert there.exists(), target
        assert there.is_relative_to(ROOT), target
        if place and there.suffix == ".md":
            known = {anchor(each) for each in headings(there.read_text("utf-8"))}
            assert place in known, f"{target}: {sorted(known)}"


@pytest.mark.parametrize("rules", ["alerts.yml"])
def test_alerts_lead_to_what_to_do(rules: str) -> None:
    """Whoever is woken finds the section that the alert names."""
    text = (ROOT / "deploy" / "prometheus" / rules).read_text("utf-8")
    named = set(re.findall(r"runbook: (\S+)#(\S+)", text))
    assert len(named) >= 4
    for path, place in named:
        assert place in {anchor(each) for each in headings((ROOT / path).read_text("utf-8"))}


def test_the_site_shows_every_page() -> None:
    """A page in no menu is found by nobody; a menu without its page leads nowhere."""
    menu = set(re.findall(r"(\S+\.md)\s*$", NAV.partition("\nnav:")[2], re.MULTILINE))
    from_outside = set(re.findall(r'": "([\w-]+\.md)"', (ROOT / ".ci" / "site.py").read_text()))
    here = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md")}
    assert menu == here | from_outside


def test_the_site_loads_nothing_from_elsewhere() -> None:
    """No font, no counter, no repository's badge: who reads here is nobody's business."""
    settings = yaml.safe_load(re.sub(r"!!python\S+", "", NAV))
    assert settings["theme"]["font"] is False
    assert not {"repo_url", "site_url", "extra_css", "extra_javascript"} & set(settings)
    assert [*settings["plugins"][0]] == ["search"]
    assert "analytics" not in settings["extra"]
