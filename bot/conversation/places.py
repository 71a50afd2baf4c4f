"""Places that a text names, with the labels that tell them apart. Looked up offline."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence

from bot.content.layers import country_name
from bot.dialogue.state import Place
from bot.dialogue.understanding import FoundPlace
from bot.directory.places import KnownPlace, PlaceFinder
from bot.ids import Locale
from bot.logs import logger

_log = logger(__name__)

AT_MOST = 3


class Places:
    """The gazetteer, as the dialogue wants it. Nothing that is looked up is kept."""

    def __init__(self, finder: PlaceFinder) -> None:
        self._finder = finder

    def prepare(self) -> None:
        """Have it ready, so that nobody waits; the first time that takes some seconds."""
        try:
            self._finder.prepare()
        except OSError as error:
            _log.error("no place can be looked up", error=error)

    async def find(self, text: str, locale: Locale, country: str) -> tuple[FoundPlace, ...]:
        """The places that the whole of `text` may mean, typos and all, the likeliest first.

        Those in `country` (two capitals, or empty) come first. At most `AT_MOST`, and none where
        the gazetteer cannot be read.
        """
        return await self._asked(self._finder.find, text, locale, country)

    async def spot(self, text: str, locale: Locale, country: str) -> tuple[FoundPlace, ...]:
        """The places that are named somewhere in `text`, as plainly as can be."""
        return await self._asked(self._finder.spot, text, locale, country)

    @staticmethod
    async def _asked(
        look_up: Callable[[str, str, str], list[KnownPlace]],
        text: str,
        locale: Locale,
        country: str,
    ) -> tuple[FoundPlace, ...]:
        try:
            found = await asyncio.to_thread(look_up, text, locale, country)
        except (OSError, sqlite3.Error) as error:
            _log.error("a place could not be looked up", error=error)
            return ()
        return _labelled(found[:AT_MOST], locale)


def _labelled(found: Sequence[KnownPlace], locale: Locale) -> tuple[FoundPlace, ...]:
    return tuple(
        FoundPlace(place.id, _label(place, locale), _place(place, locale)) for place in found
    )


def _label(place: KnownPlace, locale: Locale) -> str:
    """``Springfield, Illinois, United States``."""
    parts = (place.city, place.region_name, country_name(place.country, locale))
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _place(place: KnownPlace, locale: Locale) -> Place:
    name = place.city or place.region_name or country_name(place.country, locale)
    return Place(place.country, place.region, place.city, name)
