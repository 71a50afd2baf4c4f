"""The pages as the site's Markdown reads them."""

import importlib.util
from types import ModuleType

import pytest

from bot.settings import ROOT


@pytest.fixture(scope="module")
def site() -> ModuleType:
    spec = importlib.util.spec_from_file_location("site_hooks", ROOT / ".ci" / "site.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_links_hold_on_the_site(site: ModuleType) -> None:
    """To pages of the repository that come along, to other pages; other files are named."""
    text = "[a](../SECURITY.md#report), [b](data.md), [the\nfile](../bot/logs.py), ![p](p.svg)"
    assert site.links(text, "docs/threat-model.md", "threat-model.md") == (
        "[a](security.md#report), [b](data.md), the\nfile (`bot/logs.py`), p"
    ).replace(", p", ", p (`docs/p.svg`)")
    assert site.links("[s](docs/settings.md)", "CONTRIBUTING.md", "contributing.md") == (
        "[s](settings.md)"
    )
    assert site.links("[s](../settings.md)", "docs/survivors/en.md", "survivors/en.md") == (
        "[s](../settings.md)"
    )


def test_what_is_code_stays(site: ModuleType) -> None:
    """A link in a block of code is no link."""
    text = "```yaml\n[a](../x.py)\n```"
    assert site.links(text, "docs/data.md", "data.md") == text


def test_lists_are_set_in_by_four(site: ModuleType) -> None:
    """What belongs to an item stays in it, and a list after a paragraph is one."""
    before = "Three:\n1. one\n\n   ```sh\n   make demo\n   ```\n2. two\n   more\n\nEnd"
    after = "Three:\n\n1. one\n\n    ```sh\n    make demo\n    ```\n2. two\n    more\n\nEnd"
    assert site.lists(before) == after
    assert site.lists("- a\n  b\n- c") == "- a\n    b\n- c"


def test_charts_are_text(site: ModuleType) -> None:
    """Nothing is left that the theme would fetch a drawing program for."""
    assert "mermaid" not in site.charts("```mermaid\nflowchart LR\n```")


def test_what_loads_from_elsewhere_is_found(site: ModuleType) -> None:
    """A script, a font, a picture; a link that one has to follow is none."""
    for tag in ("<script src=https://x/y>", '<link rel=x href="//f/g">', '<img src="http://a/b">'):
        assert site.LOADED.search(tag)
    assert not site.LOADED.search('<a href="https://a/b">')
    assert not site.LOADED.search('<link href="../assets/a.css">')
