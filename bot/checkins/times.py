"""When a person wants to be checked on, out of their own words.

Durations ("in two hours", "media hora") have a grammar of our own: exact, and without surprises.
A clock time needs the person's time zone, which nobody guesses.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.ids import Locale

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Found:
    """The text names an instant: `due_at`, aware and in UTC."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class NeedsTimeZone:
    """The text names a clock time, and the person's time zone is not known."""


@dataclass(frozen=True, slots=True)
class TooSoon:
    """The text names less than SHORTEST."""


@dataclass(frozen=True, slots=True)
class TooFar:
    """The text names more than LONGEST."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """The text names no time that is understood."""


When = Found | NeedsTimeZone | TooSoon | TooFar | NotFound

_NUMBERS = {
    "en": {
        **dict.fromkeys(("a", "an", "one"), 1.0),
        **dict.fromkeys(("two", "couple", "couple of", "a couple", "a couple of"), 2.0),
        "three": 3.0,
        "four": 4.0,
        "five": 5.0,
        "six": 6.0,
        "seven": 7.0,
        "eight": 8.0,
        "nine": 9.0,
        "ten": 10.0,
        "twelve": 12.0,
        "fifteen": 15.0,
        "twenty": 20.0,
        "thirty": 30.0,
        "forty": 40.0,
        "forty five": 45.0,
        "fifty": 50.0,
        **dict.fromkeys(("half a", "half an", "half"), 0.5),
    },
    "es": {
        **dict.fromkeys(("un", "una", "uno"), 1.0),
        **dict.fromkeys(("dos", "un par de", "par de"), 2.0),
        "tres": 3.0,
        "cuatro": 4.0,
        "cinco": 5.0,
        "seis": 6.0,
        "siete": 7.0,
        "ocho": 8.0,
        "nueve": 9.0,
        "diez": 10.0,
        "doce": 12.0,
        "quince": 15.0,
        "veinte": 20.0,
        "treinta": 30.0,
        "cuarenta": 40.0,
        "cuarenta y cinco": 45.0,
        "cincuenta": 50.0,
        **dict.fromkeys(("media", "medio"), 0.5),
    },
}
_UNITS = {
    "en": {
        "minutes": "m|min|mins|minute|minutes|minuts",
        "hours": "h|hr|hrs|hour|hours|hrs",
        "days": "d|day|days",
    },
    "es": {
        "minutes": "m|min|mins|minuto|minutos",
        "hours": "h|hs|hr|hrs|hora|horas|ora|oras",
        "days": "d|dia|dias",
    },
}
_AND_A_HALF = {"en": r"\s+and\s+a\s+half", "es": r"\s+y\s+media"}
_AND = {"en": r"\s*(?:,|and)?\s*", "es": r"\s*(?:,|y)?\s*"}
_CLOCK = re.compile(
    r"\b(?:at|by|around|til|until|a las?|sobre las?|tipo)\s+\d{1,2}(?:[:.h]\d{2})?\b"
    r"|\b\d{1,2}[:.]\d{2}\b|\b\d{1,2}\s*(?:am|pm|a\.m\.|p\.m\.)(?!\w)"
)


def _number(language: str) -> str:
    words = sorted(_NUMBERS[language], key=len, reverse=True)
    spelled = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
    return rf"\d{{1,4}}(?:[.,]\d{{1,2}})?|{spelled}"


def _grammar(language: str) -> re.Pattern[str]:
    number, units = _number(language), _UNITS[language]
    every = "|".join(units.values())
    half = _AND_A_HALF[language]

    def part(i: int) -> str:
        return rf"(?P<n{i}>{number})\s*(?:an?\s+)?(?P<u{i}>{every})\b(?P<h{i}>{half}\b)?"

    first, second = part(1), part(2)
    return re.compile(rf"(?<![\w.,:]){first}(?:{_AND[language]}{second})?")


_GRAMMARS = {language: _grammar(language) for language in _NUMBERS}


def parse_when(text: str, locale: Locale, now: datetime, tz: ZoneInfo | None) -> When:
    """The instant that `text` names, seen from `now` (aware).

    All languages known here are tried, that of `locale` first. A clock time is resolved to its
    next occurrence in `tz`, and needs one. Never raises for what is in `text`.
    """
    plain = _plain(text)
    first = locale.split("-")[0]
    for language in sorted(_GRAMMARS, key=lambda one: one != first):
        if match := _GRAMMARS[language].search(plain):
            return _after(now, _duration(match, language))
    if clock := _CLOCK.search(plain):
        return NeedsTimeZone() if tz is None else _at(clock.group(), now, tz)
    return NotFound()


def _plain(text: str) -> str:
    """Lower case, without accents, single-spaced."""
    decomposed = unicodedata.normalize("NFKD", text[:1000].casefold())
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.replace("-", " ").split())


def _duration(match: re.Match[str], language: str) -> timedelta:
    total = timedelta()
    for i in ("1", "2"):
        number, unit, half = match[f"n{i}"], match[f"u{i}"], match[f"h{i}"]
        if number is None:
            continue
        total += _length(unit, language) * (_value(number, language) + (0.5 if half else 0.0))
    return total


def _value(number: str, language: str) -> float:
    spelled = _NUMBERS[language].get(" ".join(number.split()))
    return float(number.replace(",", ".")) if spelled is None else spelled


def _length(unit: str, language: str) -> timedelta:
    for name, words in _UNITS[language].items():
        if unit in words.split("|"):
            return timedelta(**{name: 1})
    raise AssertionError("the grammar knows its own units")


def _after(now: datetime, duration: timedelta) -> When:
    if duration < SHORTEST:
        return TooSoon()
    return TooFar() if duration > LONGEST else Found(now + duration)


def _at(clock: str, now: datetime, tz: ZoneInfo) -> When:
    numbers = [int(n) for n in re.findall(r"\d+", clock)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if "p" in clock.split(str(numbers[-1]))[-1] and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        return NotFound()
    local = now.astimezone(tz)
    due = datetime.combine(local.date(), time(hour, minute), tz)
    if due <= local:
        due = datetime.combine(local.date() + timedelta(days=1), time(hour, minute), tz)
    return Found(due.astimezone(now.tzinfo))
