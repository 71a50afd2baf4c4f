"""Whose clock it is: the time zone of a place, or of somebody who says what time it is there.

Never from an address on the network: that tells where somebody's provider is, and who asks.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from bot.checkins import clocktimes
from bot.checkins.clocktimes import ClockTime
from bot.checkins.languages import CLOCKS, ordered
from bot.checkins.plain import either, plain
from bot.ids import Locale

EXACT = timedelta(minutes=7, seconds=30)
"""How far somebody's clock and slowness may be off: zones are quarters of an hour apart."""

DAY = timedelta(days=1)
SHORT = 4
"""Words of an answer in which a bare number word ("nine") is taken for the hour."""

_UNEVEN: Mapping[float, str] = {
    -3.5: "America/St_Johns",
    -2.5: "America/St_Johns",
    3.5: "Asia/Tehran",
    4.5: "Asia/Kabul",
    5.5: "Asia/Kolkata",
    5.75: "Asia/Kathmandu",
    6.5: "Asia/Yangon",
    9.5: "Australia/Darwin",
    10.5: "Australia/Adelaide",
}
"""Zones by their offset in hours, where it is no whole number of hours; not those of few people."""

_LONE = re.compile(r"(?<![\w:.,])(?P<h>[01]?\d|2[0-4])(?P<m>[0-5]\d)?(?![\w:,]|\.\d)")


def zone_of_place(country: str, region: str = "") -> tuple[ZoneInfo, ...]:
    """The zones of a region (ISO 3166-2), or of a country (3166-1): one, several or none.

    Those in which more people live come first. Without a region that is known, the country's.
    """
    table = _table()
    names = table.get(region) if region.partition("-")[0] == country else None
    return tuple(map(ZoneInfo, names or table.get(country, ())))


def zones_for_local_time(
    text: str, locale: Locale, now: datetime, country: str = "", region: str = ""
) -> tuple[ZoneInfo, ...]:
    """The zones in which it is now (aware) the time that `text` names: none, one or several.

    `text` answers “what time is it with you?”. With a country, its own zones, so that they keep
    its changes of clocks; without one, zones of a fixed offset, nearest to UTC first. Where the
    half of the day isn't said, both are given.
    """
    said = plain(text)
    clock = _clock(said, locale)
    if clock is None:
        return ()
    zones = zone_of_place(country, region)
    if not zones:
        return tuple(_matching(clock, now, _fixed(now), EXACT))
    found = tuple(_matching(clock, now, zones, EXACT))
    if not found and clock.minute == 0:  # "it's nine", said at twenty past
        found = tuple(_matching(clock, now, zones, timedelta(minutes=59)))
    return found


def _clock(said: str, locale: str) -> ClockTime | None:
    """The clock time that is named, or a number that stands for one."""
    for language in ordered(locale):
        if clock := clocktimes.find(said, language):
            return clock
    if lone := _LONE.search(said):
        hour = int(lone["h"])
        if hour <= clocktimes.HOURS:
            return ClockTime(*lone.span(), hour % clocktimes.HOURS, int(lone["m"] or 0))
    for language in ordered(locale) if len(said.split()) <= SHORT else ():
        hours = CLOCKS[language].hours
        words = either(*(word.replace(" ", "_") for word in hours))
        if word := re.search(rf"(?<!\w){words}(?!\w)", said):
            hour = int(hours[" ".join(word.group().replace("-", " ").split())])
            return ClockTime(*word.span(), hour, 0)
    return None


def _matching(
    clock: ClockTime, now: datetime, zones: Iterable[ZoneInfo], within: timedelta
) -> Iterator[ZoneInfo]:
    """Those of `zones` whose clock shows what was said, up to `within`, and the day where named."""
    hours = {hour % clocktimes.HOURS for hour in clock.hours}
    for zone in zones:
        local = now.astimezone(zone)
        passed = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
        off = (_nearest(passed - timedelta(hours=h, minutes=clock.minute)) for h in hours)
        if any(_is_off(by, within) for by in off) and clock.weekday in (None, local.weekday()):
            yield zone


def _is_off(by: timedelta, within: timedelta) -> bool:
    """A clock is read a little late or early; a rounded one only ever loses minutes."""
    return abs(by) <= EXACT or timedelta() <= by <= within


def _nearest(difference: timedelta) -> timedelta:
    """Within half a day of nothing: clocks go round."""
    return (difference + DAY / 2) % DAY - DAY / 2


def _fixed(now: datetime) -> tuple[ZoneInfo, ...]:
    """A zone for each offset that somebody lives at now, the nearest to UTC first."""
    offsets = {
        offset
        for names in _table().values()
        for name in names
        if (offset := now.astimezone(ZoneInfo(name)).utcoffset()) is not None
    }
    hours = sorted((offset / timedelta(hours=1) for offset in offsets), key=lambda h: (abs(h), h))
    zones = (ZoneInfo(_named(offset)) for offset in hours if offset % 1 == 0 or offset in _UNEVEN)
    return tuple(zone for zone in zones if now.astimezone(zone).utcoffset() in offsets)


def _named(hours: float) -> str:
    """In the Etc area the sign is turned round."""
    if hours % 1:
        return _UNEVEN[hours]
    return "Etc/UTC" if hours == 0 else f"Etc/GMT{-int(hours):+d}"


@cache
def _table() -> Mapping[str, tuple[str, ...]]:
    lines = (files("bot.checkins") / "zones.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line[:1] != "#")
    return {code: tuple(names.split()) for code, names in rows}
