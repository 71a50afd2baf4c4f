"""Drafts signed as if somebody had read them: in an overlay of the test's own, for the test alone.

There is no setting that serves drafts; so a test that serves Spanish gives the signatures that a
reviewer would, by the same code, to its own temporary folder.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.content.reviews import review_path
from bot.content.signing import choose, open_desk, sign
from bot.ids import Locale
from bot.settings import ROOT

RESPONSES = ROOT / "responses"


def signed_overlay(folder: Path, locales: Sequence[str] = ("es",)) -> Path:
    """An overlay in `folder` that changes nothing and has all of `locales` signed."""
    overlay = folder / "signed"
    for locale in map(Locale, locales):
        path = review_path(overlay, locale)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_signatures(locale), "utf-8")
    return overlay


@cache
def _signatures(locale: Locale) -> str:
    with TemporaryDirectory() as folder:
        desk = open_desk(RESPONSES, locale, Path(folder))
        sign(desk, choose(desk, (), (), every=True), "A test", date(2026, 11, 22))
        return desk.path.read_text("utf-8")
