"""What starting costs with six languages and 5,000 services, and what a look-up takes."""

import random
import re
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import yaml

from bot.content.languages import available
from bot.content.responses import ResponseCatalogue
from bot.directory.models import Service
from bot.directory.reading import read_directory
from bot.directory.service import DirectoryService, Query
from bot.settings import ROOT

SERVICES = 5_000
FILES = 20
LOOKUPS = 2_000
EXAMPLE = ROOT / "responses" / "directory" / "_example" / "region.yml"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _written(folder: Path) -> None:
    """The worked example's entries, again and again under other ids."""
    entries = re.split(r"(?m)^(?=[a-z0-9-]+:\n)", EXAMPLE.read_text("utf-8"))[1:]
    (folder / "gb").mkdir(parents=True)
    for file in range(FILES):
        texts = (
            re.sub(r"^[a-z0-9-]+", f"gb-s{n}", entries[n % len(entries)])
            for n in range(file, SERVICES, FILES)
        )
        (folder / "gb" / f"f{file}.yml").write_text("".join(texts), "utf-8")


def _seconds(job: Callable[[], object]) -> float:
    started = time.process_time()
    job()
    return time.process_time() - started


def _lookups(services: list[Service]) -> tuple[float, float]:
    """Median and 99th percentile, in milliseconds."""
    directory = DirectoryService(services)
    mix = random.Random(0)
    needs = sorted({need for service in services for need in service.needs})
    regions = sorted({a.region for s in services for a in s.service_areas if a.region})
    times = []
    for _ in range(LOOKUPS):
        query = Query(
            country="GB",
            at=NOW,
            needs=(mix.choice(needs),) if mix.random() < 0.8 else (),
            languages=(mix.choice(("en", "es", "ar")),),
            region=mix.choice((None, *regions)),
        )
        times.append(_seconds(lambda q=query: directory.choose(q)) * 1000)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.99)]


def rows() -> list[tuple[str, str]]:
    """What was measured, in seconds or milliseconds of CPU."""
    responses = ROOT / "responses"
    locales = available(responses)
    texts = _seconds(lambda: ResponseCatalogue.load(responses, locales))
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name) / "directory", Path(name) / "directory.json"
        _written(folder)
        plain = _seconds(
            lambda: [
                yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
                for path in folder.rglob("*.yml")
            ]
        )
        first = _seconds(lambda: read_directory(folder, cache=cache))
        again = _seconds(lambda: read_directory(folder, cache=cache))
        services = list(read_directory(folder, cache=cache)[0].services.values())
        indexed = _seconds(lambda: DirectoryService(services))
        median, last = _lookups(services)
    return [
        (f"texts in {len(locales)} languages", f"{texts:9.2f} s"),
        (f"{SERVICES} services, read the first time", f"{first:9.2f} s"),
        (f"{SERVICES} services, read again", f"{again:9.2f} s"),
        ("the same files by PyYAML alone (C loader)", f"{plain:9.2f} s"),
        ("the index of services", f"{indexed:9.2f} s"),
        ("all of it, from the second start on", f"{texts + again + indexed:9.2f} s"),
        ("one look-up, median", f"{median:9.2f} ms"),
        ("one look-up, 99th percentile", f"{last:9.2f} ms"),
    ]
