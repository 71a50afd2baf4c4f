"""The pictures of the advocates' guide."""

import re

from bot.settings import ROOT

GUIDE = ROOT / "docs" / "advocates.md"
SMALL = 60_000


def test_the_guide_has_each_of_its_pictures_and_no_other() -> None:
    """All of them small, so that the guide opens on a slow line, too."""
    named = set(re.findall(r"\]\(advocates/([a-z0-9-]+\.webp)\)", GUIDE.read_text("utf-8")))
    drawn = {path.name: path.stat().st_size for path in GUIDE.with_suffix("").iterdir()}
    assert named == set(drawn)
    assert max(drawn.values()) <= SMALL
