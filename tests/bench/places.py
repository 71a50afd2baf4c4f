"""The speed of looking up places: CPU time of thousands of answers to “where?”."""

import random
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bot.directory.place_building import POPULOUS, stamp
from bot.directory.places import PlaceFinder

LOOKUPS = 3_000
SENTENCE = "can you tell me if there is a shelter near {} that takes children and a dog"


def _misspelt(name: str, mix: random.Random) -> str:
    """A letter left out, doubled, changed, or two swapped."""
    at = mix.randrange(len(name) - 1)
    return mix.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[:at] + mix.choice("aeiourst") + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        )
    )


def _percentiles(finder: PlaceFinder, how: str, asked: Sequence[tuple[str, str]]) -> str:
    times = []
    ask = getattr(finder, how)
    for text, country in asked:
        started = time.process_time()
        ask(text, "en", country)
        times.append((time.process_time() - started) * 1000)
    times.sort()
    return f"{times[len(times) // 2]:9.2f} {times[int(len(times) * 0.99)]:9.2f}"


def rows() -> list[tuple[str, str]]:
    """What was measured, and the milliseconds of CPU that it took: median and 99th percentile."""
    mix = random.Random(0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        PlaceFinder(folder).prepare()
        started = time.process_time()
        finder = PlaceFinder(folder)
        finder.find("Leeds", "en", "")
        opened = (time.process_time() - started) * 1000
        with sqlite3.connect(folder / stamp()) as database:
            question = "SELECT city, country FROM places WHERE city <> '' AND people >= ?"
            cities = sorted(database.execute(question, (POPULOUS,)).fetchall())
        database.close()
        exact = mix.choices(cities, k=LOOKUPS)
        slips = [(_misspelt(city, mix), country) for city, country in exact if len(city) > 3]
        nowhere = ["".join(mix.choices("bdfgklmnprstvz", k=9)) for _ in range(LOOKUPS // 10)]
        return [
            ("opened, and asked first", f"{opened:9.2f}"),
            ("exact, country known", _percentiles(finder, "find", exact)),
            ("exact, country unknown", _percentiles(finder, "find", [(c, "") for c, _ in exact])),
            ("misspelt, country known", _percentiles(finder, "find", slips)),
            (
                "misspelt, country unknown",
                _percentiles(finder, "find", [(c, "") for c, _ in slips]),
            ),
            ("no place at all", _percentiles(finder, "find", [(text, "") for text in nowhere])),
            (
                "within a sentence",
                _percentiles(finder, "spot", [(SENTENCE.format(c), "") for c, _ in exact]),
            ),
        ]
