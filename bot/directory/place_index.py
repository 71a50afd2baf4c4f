"""Asks the index of places. One file, only read; see `place_building` for how it comes about."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.directory.place_building import LOCALES, LONGEST, OTHER, SHORTEST, stamp
from bot.directory.place_keys import script

_BUILD_SECONDS = 300
_SURELY = 7
"""Characters from which two slips are forgiven; below it, one."""
_GUESSES = 30
_VARIABLES = 500
"""How many values SQLite takes in one question, with room to spare."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as it is in the index. `region` is GeoNames' own id of it, or empty.

    `own`: it was found by its own name, not by another one. `slips`: the letters that were amiss.
    """

    code: str
    country: str
    region: str
    city: str
    people: int
    own: bool
    slips: int = 0


class PlaceIndex:
    """The index in `folder`. It is opened, and the first time built, when it is first asked.

    Building is left to another process, as it takes seconds and some 350 MB. Raises OSError where
    that fails. Any thread may ask.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: sqlite3.Connection | None = None

    def prepare(self) -> None:
        """Build the index if it is not there, and open it."""
        path = self._folder / stamp()
        if not path.exists():
            command = [sys.executable, "-m", "bot.directory.place_building", str(self._folder)]
            made = subprocess.run(command, capture_output=True, timeout=_BUILD_SECONDS, check=False)  # noqa: S603
            if made.returncode:
                raise OSError("the index of places could not be built")
        self._opened = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )

    def named(self, folded: str) -> list[Entry]:
        """All places of this name, which is a key, in no order that matters."""
        found = self._ask("SELECT places FROM names WHERE key = ?", (folded,))
        return self._entries(found[0][0].split(" "), 0) if found else []

    def sounding(self, folded: str, country: str) -> list[Entry]:
        """Places of a name that is a slip or two away: of `country`, and populous ones."""
        if not SHORTEST <= len(folded) <= LONGEST or folded.isdigit():
            return []
        most = 2 if len(folded) >= _SURELY else 1
        slips = self._guess(folded, country, most, folded[0])
        slips = slips or self._guess(folded, country, 1, "")
        marks = ", ".join("?" * len(slips))
        found = self._ask(f"SELECT key, places FROM names WHERE key IN ({marks})", tuple(slips))  # noqa: S608
        return [
            entry
            for near, places in found
            for entry in self._entries(places.split(" "), slips[near])
        ]

    def _guess(self, folded: str, country: str, most: int, first: str) -> dict[str, int]:
        """Names with at most so many slips, and their slips. `first`: with this letter, or any."""
        lists = self._ask(
            "SELECT keys FROM near WHERE scope IN (?, '') AND script = ?"
            " AND length BETWEEN ? AND ? AND (first = ? OR ? = '')",
            (country, script(folded), len(folded) - most, len(folded) + most, first, first),
        )
        keys = [near for (some,) in lists for near in some.split("\n")]
        guesses = extract(
            folded, keys, scorer=OSA.distance, processor=None, score_cutoff=most, limit=_GUESSES
        )
        return {near: int(amiss) for near, amiss, _ in guesses}

    def region(self, own: str, locale: str) -> tuple[str, str]:
        """The ISO 3166-2 code, or "", and the name in `locale` of a region by GeoNames' id."""
        column = LOCALES.index(locale) + 1 if locale in LOCALES else 1
        for row in self._ask("SELECT * FROM regions WHERE id = ?", (own,)):
            return row[1], row[column + 1]
        return "", ""

    def coded(self, codes: Iterable[str]) -> list[Entry]:
        """The regions of these ISO 3166-2 codes, in their order."""
        asked = list(codes)[:_GUESSES]
        marks = ", ".join("?" * len(asked))
        rows = self._ask(
            f"SELECT id, code, country, region, city, people FROM places WHERE code IN ({marks})",  # noqa: S608
            tuple(asked),
        )
        return sorted(
            (_entry(row, own=True, slips=0) for row in rows),
            key=lambda entry: asked.index(entry.code),
        )

    def _entries(self, tokens: list[str], slips: int) -> list[Entry]:
        own = {int(token.rstrip(OTHER)): not token.endswith(OTHER) for token in tokens[:_VARIABLES]}
        marks = ", ".join("?" * len(own))
        rows = self._ask(
            f"SELECT id, code, country, region, city, people FROM places WHERE id IN ({marks})",  # noqa: S608
            tuple(own),
        )
        return [_entry(row, own=own[row[0]], slips=slips) for row in rows]

    def _ask(self, question: str, values: tuple[object, ...]) -> list[Any]:
        if self._opened is None:
            self.prepare()
        assert self._opened is not None
        return self._opened.execute(question, values).fetchall()


def _entry(row: tuple[Any, ...], own: bool, slips: int) -> Entry:
    _, code, country, region, city, people = row
    return Entry(code, country, region, city, people, own, slips)
