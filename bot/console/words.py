"""The console's own words, by locale: `texts/<locale>.json`, one flat table each."""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from bot.content.catalogue import Catalogue
from bot.content.errors import UnknownText
from bot.errors import ConfigurationError
from bot.ids import Locale

FOLDER = Path(__file__).parent / "texts"
SOURCE = Locale("en")


class Words:
    """What the console says, in every language that it was translated into."""

    def __init__(self, tables: Mapping[Locale, Mapping[str, str]]) -> None:
        self._tables = tables

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Words":
        """Read all tables. Raises ConfigurationError naming a file that lacks or adds a key."""
        tables = {
            Locale(path.stem): json.loads(path.read_text("utf-8"))
            for path in sorted(folder.glob("*.json"))
        }
        keys = set(tables[SOURCE])
        for locale, table in tables.items():
            if odd := keys ^ set(table):
                raise ConfigurationError(
                    f"{folder / locale}.json does not have the keys of {SOURCE}.json:"
                    f" {', '.join(sorted(odd))}"
                )
        return cls(tables)

    @cached_property
    def locales(self) -> tuple[Locale, ...]:
        """The console's languages."""
        return tuple(self._tables)

    def table(self, locale: Locale) -> Mapping[str, str]:
        """All words of `locale`, one of `locales`."""
        return self._tables[locale]

    def preferred(self, accept_language: str) -> Locale:
        """The first of the browser's languages that the console speaks, else English.

        `accept_language` is the header of that name (RFC 9110 section 12.5.4).
        """
        wanted: list[tuple[float, str]] = []
        for part in accept_language.split(",")[:20]:
            tag, _, quality = part.partition(";q=")
            try:
                wanted.append((-float(quality or 1), tag.strip().lower()))
            except ValueError:
                continue
        for _, tag in sorted(wanted, key=lambda pair: pair[0]):
            for locale in self._tables:
                if tag == locale.lower() or tag.split("-")[0] == locale.split("-")[0].lower():
                    return locale
        return SOURCE


def topic_label(catalogue: Catalogue, topic: str, locale: Locale) -> str:
    """The words of a shared topic, in `locale` where the catalogue has them; empty for none."""
    if not topic:
        return ""
    for tried in (locale, *catalogue.locales[:1]):
        try:
            return catalogue.label(f"intent:{topic}", tried)
        except UnknownText:
            continue
    return topic.replace("_", " ")
