"""The page itself, its assets, and the page that people are sent to in the demo."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, select_autoescape

from bot.channels.webchat.channel import MAX_TEXT
from bot.channels.webchat.words import COVER, direction, words
from bot.content.catalogue import Catalogue
from bot.ids import Locale

_HERE: Final = Path(__file__).resolve().parent
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Pages:
    """Renders pages from reviewed words. `exit_url` is where the quick exit leads."""

    def __init__(self, catalogue: Catalogue, exit_url: str) -> None:
        self._catalogue = catalogue
        self._exit_url = exit_url
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=select_autoescape(default=True),
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def chat(self, locale: Locale) -> str:
        """The chat, before anything was said: it shows nothing that tells."""
        said = words(self._catalogue, locale)
        return self._templates.get_template("chat.html").render(
            lang=locale,
            dir=direction(locale),
            words=said,
            words_json=json.dumps(said),
            exit_url=self._exit_url,
            max_text=MAX_TEXT,
        )

    def cover(self, locale: Locale) -> str:
        """A recipe of the day."""
        said = words(self._catalogue, locale, COVER)
        return self._templates.get_template("cover.html").render(
            lang=locale, dir=direction(locale), words=said
        )


def assets() -> Mapping[str, tuple[bytes, str]]:
    """The static files by name: content and media type."""
    return {
        path.name: (path.read_bytes(), _TYPES[path.suffix])
        for path in sorted((_HERE / "static").iterdir())
        if path.suffix in _TYPES
    }
