"""Clock times in people's words: "at 9 tonight", "tomorrow 8:30", "a las 8 y media".

Nothing is guessed: a bare "at 9" is nine in the morning or in the evening, and both are given.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from datetime import date as Day
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.checkins import dates
from bot.checkins.languages import CLOCKS as LANGUAGES
from bot.checkins.languages import ordered
from bot.checkins.plain import compiled, either
from bot.checkins.wording import ClockWords, Part

_T = TypeVar("_T")

HOURS = 24
FIRST_OF_NIGHT = 5
"""From five on, a night's hour lies before midnight: "at 9 tonight", but "at 2 tonight"."""

LATE_MORNING = (10, 11)
"""Hours that may be called midday and come before twelve."""

MOST_READ = 20
"""Clock times that are read out of one text: whoever names more sends no time."""

DAYS_AHEAD = 9
"""Days looked through for the next time that fits: a week, and one on either side."""


@dataclass(frozen=True, slots=True)
class ClockTime:
    """What was said: `hour` and `minute` as named, with the part of the day, and the day.

    Hour 24 is the midnight that ends the day. `in_days` counts from today (negative: over),
    `weekday` from Monday, 0. The words stand in the text from `start` to `end`. `or_span` says
    that they may name a span as well ("8h"), and `vague` that the day was said, but not which.
    """

    start: int
    end: int
    hour: int
    minute: int
    part: Part | None = None
    in_days: int | None = None
    weekday: int | None = None
    date: dates.Dates | None = None
    or_span: bool = False
    vague: bool = False

    @property
    def hours(self) -> tuple[int, ...]:
        """The hours that it may mean, counted from the named day's beginning: up to 28."""
        if self.hour > 12 or self.hour == 0:
            return (self.hour,)
        hour = self.hour % 12
        match self.part:
            case Part.BEFORE_NOON:
                return (hour,) if hour else (0, 12)  # people mean both by 12 in the morning
            case Part.MIDDAY:
                return (hour,) if hour in LATE_MORNING else (hour + 12,)
            case Part.AFTER_NOON:
                return (hour + 12,)
            case Part.NIGHT:
                return (hour + 12,) if hour >= FIRST_OF_NIGHT else (hour + 24,)
        return (hour, hour + 12)

    @property
    def has_day(self) -> bool:
        """Whether anything says which day is meant."""
        return not (self.in_days is None and self.weekday is None and self.date is None)


def find(plain: str, language: str) -> ClockTime | None:
    """The first of `find_all`, or None."""
    return next(iter(find_all(plain, language)), None)


def find_all(plain: str, language: str) -> tuple[ClockTime, ...]:
    """The clock times in `plain` (as `plain.plain` has it), in the words of `language`.

    What is said about the day is heard in any language, and holds for all of them. None in a
    language that is not known here.
    """
    words = LANGUAGES.get(language)
    if words is None:
        return ()
    plain = _GREETINGS.sub(lambda greeting: "_" * len(greeting.group()), plain)
    clocks = sorted(_clocks(plain, words), key=lambda clock: clock.start)
    if not clocks:
        return ()
    others = [LANGUAGES[other] for other in ordered(language)]
    in_days = _first(
        (n for n, said in other.days.items() if compiled(said).search(plain)) for other in others
    )
    date = dates.find(plain, language)
    vague = any(compiled(other.vague).search(plain) for other in others) or any(
        _RANGE_BEFORE.search(plain, 0, clock.start) for clock in clocks
    )
    weekday = _weekday(plain, words, others)
    ends = [*(clock.start for clock in clocks[1:]), len(plain)]
    found = [
        replace(
            clock,
            part=clock.part
            or _part(plain[clock.start : end], others)
            or _part(plain, others)
            or (Part.BEFORE_NOON if _EARLY.search(plain, clock.start, clock.end) else None),
            in_days=in_days,
            weekday=weekday,
            date=date,
            vague=vague or (date is not None and not date.choices),
        )
        for clock, end in zip(clocks, ends, strict=True)
    ]
    return tuple({(clock.hours, clock.minute): clock for clock in reversed(found)}.values())[::-1]


def instants(clock: ClockTime, now: datetime, tz: ZoneInfo) -> tuple[datetime, ...]:
    """The instants that `clock` may mean, soonest first, aware and in UTC.

    With a day named, those of that day, gone by or not; without one, the next to come. A time
    that the clock skips in spring comes an hour later; of one that comes twice, the first.
    """
    today = now.astimezone(tz).date()
    if clock.date is not None:
        named = clock.date.coming(today)
        return tuple(sorted({at(day, h, clock.minute, tz) for day in named for h in clock.hours}))
    if clock.in_days is not None:
        found = {
            at(today + timedelta(days=clock.in_days), h, clock.minute, tz) for h in clock.hours
        }
        early = {instant - timedelta(days=1) for instant in found if clock.in_days == 0}
        night = {instant for instant in early if now < instant and max(clock.hours) >= HOURS}
        return tuple(sorted(night or found))
    hours = {hour % HOURS for hour in clock.hours}
    days = [today + timedelta(days=n) for n in range(DAYS_AHEAD)]
    if clock.weekday is None:
        coming = {at(day, h, clock.minute, tz) for day in days for h in hours}
        return tuple(sorted(instant for instant in coming if instant > now)[: len(hours)])
    for day in (day for day in days if day.weekday() == clock.weekday):
        on_day = sorted(at(day, h, clock.minute, tz) for h in clock.hours)
        if coming_on_day := tuple(instant for instant in on_day if instant > now):
            return coming_on_day
    return ()


def at(day: Day, hour: int, minute: int, tz: ZoneInfo) -> datetime:
    """The instant, in UTC, of a local time; `hour` may lie past midnight.

    A time that the clock skips in spring comes an hour later; of one that comes twice, the first.
    """
    day += timedelta(days=hour // HOURS)
    return datetime.combine(day, time(hour % HOURS, minute), tz).astimezone(UTC)


def _first(found: Iterator[Iterator[_T]]) -> _T | None:
    return next((first for each in found for first in each), None)


def _weekday(plain: str, words: ClockWords, others: list[ClockWords]) -> int | None:
    for weekdays in (words.short_weekdays, *(other.weekdays for other in others)):
        for day, said in enumerate(weekdays):
            if compiled(said).search(plain):
                return day
    return None


def _part(plain: str, others: list[ClockWords]) -> Part | None:
    return _first(
        (p for p, said in other.parts if compiled(said).search(plain)) for other in others
    )


def _clocks(plain: str, words: ClockWords) -> list[ClockTime]:
    """Where patterns meet, the first one counts; noon, or what may be a span, only alone."""
    if found := _matched(words.clock, plain, words):
        return found
    noons = [
        ClockTime(*noon.span(), 12, _past(noon, words), Part.AFTER_NOON)
        for noon in compiled(words.noon).finditer(plain)
    ]
    midnights = [
        ClockTime(*midnight.span(), HOURS, _past(midnight, words))
        for midnight in compiled(words.midnight).finditer(plain)
    ]
    either = _matched(words.clock_or_span, plain, words)
    return noons + midnights or [replace(clock, or_span=True) for clock in either[:1]]


def _matched(patterns: tuple[str, ...], plain: str, words: ClockWords) -> list[ClockTime]:
    found: list[ClockTime] = []
    for pattern in patterns:
        for match in compiled(pattern).finditer(plain):
            start, end = match.span()
            if any(start < other.end and other.start < end for other in found):
                continue
            hour, minute = _read(match.groupdict(), words)
            if 0 <= hour < HOURS and 0 <= minute < 60:
                found.append(ClockTime(start, end, hour, minute))
            if len(found) == MOST_READ:
                return found
    return found


def _read(said: Mapping[str, str | None], words: ClockWords) -> tuple[int, int]:
    word, digits = said.get("word"), said.get("h") or said.get("at")
    value = words.hours[_spaced(word)] if word else float(digits or -1)
    hour, minute = int(value), int(value % 1 * 60) if value > 0 else 0
    if past := said.get("past") or said.get("plus"):
        return hour, _minutes(past, words)
    if to := said.get("to"):
        return (hour - 1) or 12, 60 - _minutes(to, words)
    return hour, int(said.get("m") or minute)


def _past(match: re.Match[str], words: ClockWords) -> int:
    past = match.groupdict().get("past")
    return _minutes(past, words) if past else 0


def _minutes(said: str, words: ClockWords) -> int:
    said = _spaced(said)
    return words.minutes[said] if said in words.minutes else int(said)


def _spaced(said: str) -> str:
    return " ".join(said.replace("-", " ").split())


_RANGE_BEFORE = re.compile(r"\d\s*(?:-|\b(?:to|se)\b|" + either("से الى إلى") + r")\s*$")
_EARLY = re.compile(r"\b0\d\s?[:.h]")
"""Whoever writes 08:00 counts to 24."""

_GREETINGS = re.compile("|".join(words.greetings for words in LANGUAGES.values()))
