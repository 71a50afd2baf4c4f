"""Places by name, in any script and with slips, without asking anyone.

Nothing that is looked up is kept or logged. Names and people counts are GeoNames' (CC BY 4.0).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.directory import place_spotting
from bot.directory.place_index import Entry, PlaceIndex
from bot.directory.place_keys import key
from bot.directory.place_postcodes import regions_of
from bot.directory.place_ranking import ranked
from bot.directory.place_words import FILLERS

_AT_MOST = 5
_LONGEST = 500
"""Characters that are read at all."""
_WORDS = 12
"""Of an answer; a longer text is a story, in which a place may be spotted."""
_NAME = 4
"""Words of a name, at most."""
_LARGE = 100_000
"""People of a place whose exact name is not taken for another's misspelt one."""
_COMMAS = re.compile(r"[,،;؛/|()\n]+")


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A city, a region or a country. `region` is ISO 3166-2 or empty; `id` is short.

    `country` is ISO 3166-1. `region_name` is in the reader's language where it is known, `city`
    as the place calls itself in Latin letters. The `id` stays the same from version to version.
    """

    id: str
    country: str
    region: str = ""
    region_name: str = ""
    city: str = ""


class PlaceFinder:
    """Finds places in an index that lives in `folder`, and is built there when it is missing.

    Making one costs nothing. The first question, or `prepare`, opens the index in a moment, or
    builds it in some seconds. Both raise OSError where the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._index = PlaceIndex(folder)

    def prepare(self) -> None:
        """Have the index ready, so that nobody waits for it. May run in any thread."""
        self._index.prepare()

    def find(self, text: str, locale: str, country: str) -> list[KnownPlace]:
        """The places that the whole of `text` may mean, the likeliest first, at most 5.

        `text` answers “where?”: a city, region, country or postal code, with slips and words around
        it. Places in `country` (ISO 3166-1, or empty) go before others.
        """
        text = text[:_LONGEST].strip()
        codes = self._postcode(text, locale, country)
        if codes:
            return self._known(self._index.coded(codes), locale)
        words = key(text).split()
        if FILLERS.issuperset(words) or not any(map(str.isalpha, text)):
            return []
        if len(words) <= _WORDS:
            parts = [part for part in map(key, _COMMAS.split(text)) if part]
            entries = self._parts(parts, country) if len(parts) > 1 else []
            entries = entries or self._named(words, country) or self._split(words, country)
            entries = entries or self._sounding(words, country)
            if entries:
                return self._known(ranked(entries, country), locale)
        return self.spot(text, locale, country)

    def spot(self, text: str, locale: str, country: str) -> list[KnownPlace]:
        """The places that a name within `text` may mean, the likeliest first, at most 5.

        Only exact names count, and only where the words around them or a capital letter say that a
        place is meant: rather none than a wrong one.
        """
        entries, behind = place_spotting.spot(text[:_LONGEST], self._index.named)
        if behind:
            entries = self._within(entries, behind) or entries
        return self._known(ranked(entries, country), locale)

    def _postcode(self, text: str, locale: str, country: str) -> list[str]:
        if not any(character.isdigit() for character in text):
            return []
        western = "".join(key(c) if c.isdecimal() else c for c in text)
        words = western.replace(",", " ").split()
        while words and key(words[0]) in FILLERS:
            words = words[1:]
        return regions_of(" ".join(words), locale, country)

    def _named(self, words: list[str], country: str) -> list[Entry]:
        """By an exact name; where a small word was cut off, that may be another one misspelt."""
        entries = self._exact(words)
        if entries and len(words) <= _NAME and not self._index.named(" ".join(words)):
            known = any(e.people >= _LARGE or e.country == country for e in entries)
            entries += [] if known else self._index.sounding(" ".join(words), country)
        return entries

    def _exact(self, words: list[str]) -> list[Entry]:
        for some in _without_fillers(words):
            entries = self._index.named(" ".join(some))
            if entries:
                return entries
        return []

    def _sounding(self, words: list[str], country: str) -> list[Entry]:
        *_, bare = _without_fillers(words)
        return self._index.sounding(" ".join(bare), country)

    def _parts(self, parts: list[str], country: str) -> list[Entry]:
        """Springfield, Illinois, or the other way round."""
        for head, tails in ((parts[0], parts[1:]), (parts[-1], parts[:-1])):
            words = head.split()
            for entries in (self._exact(words), self._sounding(words, country)):
                for tail in tails:
                    within = self._within(entries, tail)
                    if within:
                        return within
        return self._exact(parts[0].split())

    def _split(self, words: list[str], country: str) -> list[Entry]:
        """Paris Texas: a name and then what it lies in."""
        *_, bare = _without_fillers(words)
        for at in range(len(bare) - 1, 0, -1):
            head, tail = bare[:at], " ".join(bare[at:])
            for entries in (self._exact(head), self._sounding(head, country)):
                if within := self._within(entries, tail):
                    return within
        return []

    def _within(self, entries: Iterable[Entry], name: str) -> list[Entry]:
        """Those of `entries` that lie in a country or region called or coded `name`."""
        entries = list(entries)
        *_, bare = _without_fillers(name.split())
        tail = " ".join(bare)
        lands = [entry for entry in self._index.named(tail) if not entry.city] if entries else []
        regions = {land.region for land in lands if land.region}
        countries = {land.country for land in lands if not land.region}
        return [
            entry
            for entry in entries
            if entry.country in countries
            or entry.region in regions
            or tail == entry.country.lower()
            or (entry.region and tail == self._code(entry).lower()[3:])
        ]

    def _code(self, entry: Entry) -> str:
        return self._index.region(entry.region, "en")[0]

    def _known(self, entries: list[Entry], locale: str) -> list[KnownPlace]:
        return [self._place(entry, locale) for entry in entries[:_AT_MOST]]

    def _place(self, entry: Entry, locale: str) -> KnownPlace:
        code, name = self._index.region(entry.region, locale) if entry.region else ("", "")
        return KnownPlace(entry.code, entry.country, code, name, entry.city)


def _without_fillers(words: list[str]) -> Iterator[list[str]]:
    """`words`, then without more and more of the small words at both ends. Never empty."""
    yield words
    some = words
    while len(some) > 1 and some[0] in FILLERS:
        some = some[1:]
        if some != words and not all(word in FILLERS for word in some):
            yield some
    while len(some) > 1 and some[-1] in FILLERS:
        some = some[:-1]
        if not all(word in FILLERS for word in some):
            yield some
