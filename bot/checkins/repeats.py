"""Check-ins that come again: "every evening at 9 this week", "todos los lunes a las 8".

They are short by design: a promise that nobody remembers having made wakes the wrong person.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.checkins import clocktimes
from bot.checkins.languages import CLOCKS, REPEATS, SPANS, ordered
from bot.checkins.plain import compiled, plain, spaced
from bot.checkins.wording import RepeatWords
from bot.ids import Locale

LONGEST = timedelta(days=14)
"""From the first day that may be meant; so there are at most 14 times."""

ALL_DAYS = frozenset(range(7))
WORKING_DAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Recurrence:
    """At `local_time` on `weekdays` (Monday is 0), on days from `first` to `last` inclusive.

    The days are the person's own; they span at most LONGEST.
    """

    weekdays: frozenset[int]
    local_time: time
    first: date
    last: date

    def next_after(self, instant: datetime, zone: ZoneInfo) -> datetime | None:
        """The next time that comes after `instant` (aware), in UTC; None when all are over.

        A time that the clock skips in spring comes an hour later; of one that comes twice, the
        first. So each day has one.
        """
        day = max(self.first, instant.astimezone(zone).date())
        while day <= self.last:
            if day.weekday() in self.weekdays:
                at = clocktimes.at(day, self.local_time.hour, self.local_time.minute, zone)
                if at > instant:
                    return at
            day += timedelta(days=1)
        return None


@dataclass(frozen=True, slots=True)
class Repeats:
    """The text may mean any of `choices`, the soonest first: one, or more where it is not plain.

    More where the half of the day is not said, or several times are: each is a choice of its own.
    """

    choices: tuple[Recurrence, ...]


@dataclass(frozen=True, slots=True)
class RepeatsWithoutTime:
    """The text names days that come again, but no time of the day."""


@dataclass(frozen=True, slots=True)
class RepeatsWithoutZone:
    """The text names days and a time, and the person's time zone is not known."""


@dataclass(frozen=True, slots=True)
class NotRepeated:
    """The text names nothing that comes again, or what is not offered ("every 2 hours")."""


Repeated = Repeats | RepeatsWithoutTime | RepeatsWithoutZone | NotRepeated


def parse_repeats(text: str, locale: Locale, now: datetime, tz: ZoneInfo | None) -> Repeated:
    """What comes again in `text`, seen from `now` (aware), for a person in `tz`.

    All languages known here are tried, that of `locale` first. Each choice has a time to come.
    Never raises for what is in `text`.
    """
    said = plain(text)
    weekdays = _weekdays(said, locale)
    if weekdays is None:
        return NotRepeated()
    found = (clocktimes.find_all(said, language) for language in ordered(locale))
    clocks = next((clocks for clocks in found if clocks), ())
    if not clocks or clocks[0].vague:
        return RepeatsWithoutTime()
    starts = any(compiled(REPEATS[language].starting).search(said) for language in ordered(locale))
    in_days = clocks[0].in_days
    if in_days is not None and not starts:
        return NotRepeated()
    if tz is None:
        return RepeatsWithoutZone()
    first = now.astimezone(tz).date() + timedelta(days=max(0, in_days or 0) if starts else 0)
    last = _last(said, locale, first)
    times = dict.fromkeys(time(h % 24, clock.minute) for clock in clocks for h in clock.hours)
    choices = (Recurrence(weekdays, local_time, first, last) for local_time in times)
    coming = [choice for choice in choices if choice.next_after(now, tz) is not None]
    coming.sort(key=lambda choice: choice.next_after(now, tz) or now)
    return Repeats(tuple(coming)) if coming else NotRepeated()


def is_repeated(said: str) -> bool:
    """Whether plain text names days that come again."""
    return _weekdays(said, "") is not None


def _weekdays(said: str, locale: str) -> frozenset[int] | None:
    """The days of the week that come again, or None where none do."""
    for language in ordered(locale):
        words = REPEATS[language]
        if compiled(words.working_days).search(said):
            return WORKING_DAYS
        if compiled(words.weekend).search(said):
            return WEEKEND
        if named := _each(said, language, words):
            return named
        if compiled(words.daily).search(said):
            return ALL_DAYS
    return None


def _each(said: str, language: str, words: RepeatWords) -> frozenset[int]:
    """Days that stand after a word such as "every": "every Monday and Thursday"."""
    found: set[int] = set()
    said = _JOINED.sub(r"\1 ", said)
    for every in compiled(words.every).finditer(said):
        for start in (every.start(), _after_and(said, every.end())):
            position = start
            while day := _day_at(said, position, language):
                found.add(day[0])
                position = _after_and(said, day[1])
    return frozenset(found)


def _after_and(said: str, position: int) -> int:
    after = _AND.match(said, position)
    return after.end() if after else position


def _day_at(said: str, position: int, language: str) -> tuple[int, int] | None:
    """The day of the week that is named right there, and where its name ends."""
    for number, pattern in enumerate(_DAYS[language]):
        if named := pattern.match(said, position):
            return number, named.end()
    return None


def _last(said: str, locale: str, first: date) -> date:
    """The last day: as was said, or as late as can be."""
    longest = first + LONGEST - timedelta(days=1)
    ends = (_ending(said, language, first) for language in ordered(locale))
    return min(next((end for end in ends if end is not None), longest), longest)


def _ending(said: str, language: str, first: date) -> date | None:
    words = REPEATS[language]
    if lasting := _LASTING[language].search(said):
        return first + timedelta(days=max(1, _days(lasting, SPANS[language].numbers)) - 1)
    for weekday, pattern in enumerate(_UNTIL[language]):
        if pattern.search(said):
            return first + timedelta(days=(weekday - first.weekday()) % 7 or 7)
    if compiled(words.this_week).search(said):
        return first + timedelta(days=(6 - first.weekday()) or 6)
    return None


def _days(match: re.Match[str], numbers: Mapping[str, float]) -> int:
    said = match.groupdict()
    if said.get("two_weeks"):
        return 14
    if said.get("two"):
        return 2
    count = 1.0
    if said["n"] or said["word"]:
        count = float(said["n"] or numbers[" ".join(said["word"].replace("-", " ").split())])
    return round(count * (7 if said["week"] else 1))


def _day_patterns(language: str) -> tuple[str, ...]:
    clock, more = CLOCKS[language], REPEATS[language].weekdays
    either = zip(
        clock.weekdays, clock.short_weekdays or clock.weekdays, more or clock.weekdays, strict=True
    )
    return tuple("(?:" + "|".join(patterns) + ")" for patterns in either)


def _number(language: str) -> str:
    return "|".join(spaced(word) for word in sorted(SPANS[language].numbers, key=len, reverse=True))


_AND = re.compile(
    r"(?:[\s,&/]|\b(?:and|on|y|e|et|le|les|los|las|as|aos|nas|au|aur|w|yom)\b|\bو|\b(?:"
    + "|".join(map(plain, ("يوم", "और", "को")))
    + r")\b)*"
)
_JOINED = re.compile(r"\b(و)(?=\w{2,})")
"""Arabic's “and” is written as one with the word after it."""

_DAYS = {language: tuple(map(re.compile, _day_patterns(language))) for language in REPEATS}
_LASTING = {
    language: re.compile(words.lasting.replace("WORD", _number(language)))
    for language, words in REPEATS.items()
}
_UNTIL = {
    language: tuple(re.compile(words.until.replace("DAY", day)) for day in _day_patterns(language))
    for language, words in REPEATS.items()
}
