"""When a person wants to be checked on, out of their own words.

Spans ("in two hours", "media hora") need nothing else. A clock time needs the person's time
zone, which nobody guesses; and what is not plain is asked, never guessed either.
"""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.checkins import clocktimes, durations
from bot.ids import Locale

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=7)

LONGEST_READ = 1000
"""Characters of a text that are looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    """The text names one instant: `due_at`, aware and in UTC, `spoken_relative` from now."""

    due_at: datetime
    spoken_relative: timedelta


@dataclass(frozen=True, slots=True)
class NeedsTimeZone:
    """The text names a clock time, and the person's time zone is not known."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The text may mean any of `choices`, the soonest first: two or more, all within limits."""

    choices: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """The text names a time that is over."""


@dataclass(frozen=True, slots=True)
class TooSoon:
    """The text names less than SHORTEST."""


@dataclass(frozen=True, slots=True)
class TooFar:
    """The text names more than LONGEST."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """The text names no time that is understood, or one that comes again and again."""


When = Found | NeedsTimeZone | Ambiguous | Past | TooSoon | TooFar | NotFound


def parse_when(text: str, locale: Locale, now: datetime, tz: ZoneInfo | None) -> When:
    """The instant that `text` names, seen from `now` (aware), for a person in `tz`.

    All languages known here are tried, that of `locale` first. What is Found lies from SHORTEST
    to LONGEST after `now`. Never raises for what is in `text`.
    """
    plain = _plain(text)
    now = now.astimezone(UTC)
    first = locale.split("-")[0]
    languages = sorted(durations.LANGUAGES, key=lambda language: language != first)
    for language in languages:
        clock = clocktimes.find(plain, language)
        span = durations.find(plain, language)
        if span is not None and not (clock and clock.start <= span.start < clock.end):
            return _after(span, now)
        if clock is not None:
            return NeedsTimeZone() if tz is None else _at(clock, now, tz)
    return NotFound()


def _plain(text: str) -> str:
    """Lower case, without accents, single-spaced."""
    decomposed = unicodedata.normalize("NFKD", text[:LONGEST_READ].casefold())
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.replace("’", "'").split())


def _after(span: durations.Span, now: datetime) -> When:
    if span.past:
        return Past()
    if span.repeated:
        return NotFound()
    if span.shortest < SHORTEST:
        return TooSoon()
    if span.longest > LONGEST:
        return TooFar()
    choices = [
        Found(now + length, length) for length in dict.fromkeys((span.shortest, span.longest))
    ]
    return choices[0] if len(choices) == 1 else Ambiguous(tuple(choices))


def _at(clock: clocktimes.ClockTime, now: datetime, tz: ZoneInfo) -> When:
    coming = [at for at in clocktimes.instants(clock, now, tz) if at > now]
    if not coming:
        return Past()
    choices = [Found(at, at - now) for at in coming if SHORTEST <= at - now <= LONGEST]
    match choices:
        case []:
            return TooSoon() if coming[0] - now < SHORTEST else TooFar()
        case [choice]:
            return choice
    return Ambiguous(tuple(choices))
